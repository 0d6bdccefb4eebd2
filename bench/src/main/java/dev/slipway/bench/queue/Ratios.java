package dev.slipway.bench.queue;

import dev.slipway.bench.Samples;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;

/**
 * Compares what was measured round by round: within a round the machine was as busy for one as for
 * the other.
 */
final class Ratios {
  private Ratios() {}

  /** Each round's {@code ours} over the best of the others in that round. */
  static Samples overBest(Samples ours, List<Samples> others) {
    var best = new Samples();
    for (var round = 0; round < ours.count(); round++) {
      best.add(bestOf(others, round));
    }
    return over(ours, best);
  }

  private static double bestOf(List<Samples> others, int round) {
    return others.stream().mapToDouble(other -> other.values().get(round)).max().orElseThrow();
  }

  /** Each round's {@code ours} over {@code theirs}. */
  static Samples over(Samples ours, Samples theirs) {
    return byRound(ours, theirs, (a, b) -> a / b);
  }

  /** The share of a rate that is lost, 0 for none of it; below 0 when it has become better. */
  static Samples lost(Samples before, Samples after) {
    return byRound(before, after, (a, b) -> 1 - b / a);
  }

  /** Jobs a second when the same hands do one thing after the other. */
  static Samples oneAfterTheOther(Samples first, Samples second) {
    return byRound(first, second, (a, b) -> 1 / (1 / a + 1 / b));
  }

  private static Samples byRound(Samples one, Samples other, DoubleBinaryOperator operator) {
    if (one.count() != other.count()) {
      throw new IllegalArgumentException(
          "%d rounds against %d".formatted(one.count(), other.count()));
    }
    var samples = new Samples();
    IntStream.range(0, one.count())
        .mapToDouble(i -> operator.applyAsDouble(one.values().get(i), other.values().get(i)))
        .forEach(samples::add);
    return samples;
  }

  /** The value that so large a share of the values does not exceed, by the nearest rank. */
  static double percentile(List<Double> values, double share) {
    var sorted = values.stream().sorted().toList();
    return sorted.get(Math.max(0, (int) Math.ceil(share * sorted.size()) - 1));
  }
}
