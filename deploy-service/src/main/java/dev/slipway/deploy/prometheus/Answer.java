package dev.slipway.deploy.prometheus;

import org.jspecify.annotations.Nullable;

/**
 * What became of a question: a number, or why there is none.
 *
 * @param value not NaN
 */
public record Answer(@Nullable Double value, @Nullable String problem) {
  static Answer of(double value) {
    return Double.isNaN(value) ? none("the answer is not a number") : new Answer(value, null);
  }

  static Answer none(String problem) {
    return new Answer(null, problem);
  }
}
