package dev.slipway.machine;

import dev.slipway.machine.file.Durable;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Statistic;
import io.micrometer.core.instrument.Tag;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Leaves the agent's metrics in a file, as node exporter's textfile collector reads them: an agent
 * has no web server that could be asked for them.
 */
final class MetricsFile {
  private static final String NAME = "slipway.prom";

  /** The collector has another account, and there is nothing secret in it. */
  private static final Set<PosixFilePermission> READABLE =
      PosixFilePermissions.fromString("rw-r--r--");

  private final Path file;
  private final MeterRegistry meters;

  /**
   * @param folder gets {@code slipway.prom}, which everybody may read
   */
  MetricsFile(Path folder, MeterRegistry meters) {
    this.file = folder.resolve(NAME);
    this.meters = meters;
  }

  /** Writes the file anew: a reader finds all of it, or all of the one before. */
  boolean runOnce() throws IOException {
    var temporary = Durable.temporary(file);
    Files.writeString(temporary, text(), StandardCharsets.UTF_8);
    Files.setPosixFilePermissions(temporary, READABLE);
    // not brought to the disk: after a crash it is written anew
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    return false;
  }

  private String text() {
    var families = new TreeMap<String, List<Meter>>();
    families.putAll(
        meters.getMeters().stream().collect(Collectors.groupingBy(MetricsFile::nameOf)));
    var text = new StringBuilder();
    families.forEach((name, family) -> {
      text.append("# TYPE ")
          .append(name)
          .append(' ')
          .append(typeOf(family.getFirst()))
          .append('\n');
      family.stream()
          .sorted(Comparator.comparing(meter -> labels(meter.getId().getTags())))
          .forEach(meter -> append(text, name, meter));
    });
    return text.toString();
  }

  private static void append(StringBuilder text, String name, Meter meter) {
    for (Measurement measurement : meter.measure()) {
      var statistic = measurement.getStatistic();
      if (statistic == Statistic.COUNT || statistic == Statistic.VALUE) {
        text.append(name)
            .append(labels(meter.getId().getTags()))
            .append(' ')
            .append(measurement.getValue())
            .append('\n');
      }
    }
  }

  /** As Prometheus writes it: counters end in {@code _total}. */
  private static String nameOf(Meter meter) {
    var name = meter.getId().getName().replaceAll("[^a-zA-Z0-9_]", "_");
    return switch (meter.getId().getType()) {
      case COUNTER -> name + "_total";
      // how often; what it took is not told
      case TIMER, LONG_TASK_TIMER, DISTRIBUTION_SUMMARY -> name + "_count";
      case GAUGE, OTHER -> name;
    };
  }

  private static String typeOf(Meter meter) {
    return meter.getId().getType() == Meter.Type.GAUGE ? "gauge" : "counter";
  }

  private static String labels(List<Tag> tags) {
    return tags.isEmpty()
        ? ""
        : tags.stream()
            .map(tag ->
                "%s=\"%s\"".formatted(tag.getKey().replace('.', '_'), escaped(tag.getValue())))
            .collect(Collectors.joining(",", "{", "}"));
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
