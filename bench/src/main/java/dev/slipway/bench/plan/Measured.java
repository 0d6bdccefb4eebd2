package dev.slipway.bench.plan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What benchmarks have found: the {@code RESULT} lines of a file, the last of each figure. */
final class Measured {
  private static final Pattern RESULT = Pattern.compile("RESULT (\\S+) (-?[0-9.]+)\\b.*");

  private final Path file;
  private final Map<String, Double> figures = new HashMap<>();

  /** Reads a file, which may hold whatever else, as docs/benchmarks.md does. */
  Measured(Path file) throws IOException {
    this.file = file;
    for (var line : Files.readAllLines(file)) {
      var result = RESULT.matcher(line.strip());
      if (result.matches()) {
        figures.put(result.group(1), Double.parseDouble(result.group(2)));
      }
    }
  }

  /**
   * A figure.
   *
   * @throws IOException when nobody has measured it
   */
  double get(String figure) throws IOException {
    return find(figure)
        .orElseThrow(() -> new IOException("there is no RESULT %s in %s".formatted(figure, file)));
  }

  Optional<Double> find(String figure) {
    return Optional.ofNullable(figures.get(figure));
  }
}
