package dev.slipway.bench.queue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A peer's answer: {@code ok number …} or {@code error text}. */
final class Reply {
  private static final String OK = "ok";
  private static final String ERROR = "error";

  private Reply() {}

  /**
   * The numbers of an answer; none for a line that is no answer, which a library may have printed.
   *
   * @throws IOException when the answer is an error, or is not of numbers
   */
  static Optional<List<Double>> parse(String line) throws IOException {
    var words = List.of(line.strip().split(" "));
    switch (words.getFirst()) {
      case OK -> {
        try {
          return Optional.of(words.stream().skip(1).map(Double::valueOf).toList());
        } catch (NumberFormatException e) {
          throw new IOException("a peer answered with what are no numbers: " + cut(line), e);
        }
      }
      case ERROR -> throw new IOException("a peer failed: " + cut(line.substring(ERROR.length())));
      default -> {
        return Optional.empty();
      }
    }
  }

  /** The one number of an answer. */
  static double one(List<Double> numbers) throws IOException {
    if (numbers.size() != 1) {
      throw new IOException(
          "a peer answered " + Arrays.toString(numbers.toArray()) + " instead of one number");
    }
    return numbers.getFirst();
  }

  private static String cut(String text) {
    return text.substring(0, Math.min(text.length(), 2_000)).strip();
  }
}
