package dev.slipway.bench.business;

import dev.slipway.common.problem.InvalidInput;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * When in a day pushes come: a weight for each hour, the first from midnight. Within an hour they
 * come evenly.
 */
public record Curve(List<Double> weights) {
  /** Hours of a day. */
  public static final int HOURS = 24;

  /** Seconds of an hour. */
  public static final double HOUR = 3_600;

  /** Most of it from nine to six with a dip at noon, and some at any hour. */
  public static final Curve BUSINESS =
      new Curve(
          Stream.of(
                  1, 1, 1, 1, 1, 2, 4, 9, 14, 17, 17, 15, 11, 15, 17, 17, 16, 13, 8, 5, 4, 3, 2, 1)
              .map(Integer::doubleValue)
              .toList());

  /** The same at any hour. */
  public static final Curve FLAT =
      new Curve(DoubleStream.generate(() -> 1).limit(HOURS).boxed().toList());

  public Curve {
    InvalidInput.unless(
        weights.size() == HOURS && weights.stream().allMatch(w -> w >= 0 && w <= 1e6),
        "curve",
        "must be business, flat, or 24 weights from 0 to 1000000");
    weights = List.copyOf(weights);
    InvalidInput.unless(sum(weights) > 0, "curve", "must have a weight above 0");
  }

  /** The part of the day's pushes that comes in the busiest hour. */
  public double busiest() {
    return weights.stream().mapToDouble(w -> w).max().orElseThrow() / sum(weights);
  }

  /**
   * So many moments of a part of the day, drawn from the curve, in order: a Poisson process whose
   * number is known.
   *
   * @param from the first hour
   * @param until the hour before which they end
   * @return seconds since midnight
   */
  public double[] moments(int count, int from, int until, Random random) {
    var part = sum(weights.subList(from, until));
    return DoubleStream.generate(() -> moment(random.nextDouble() * part, from, random))
        .limit(count)
        .sorted()
        .toArray();
  }

  private double moment(double drawn, int from, Random random) {
    var left = drawn;
    var hour = from;
    while (left >= weights.get(hour)) {
      left -= weights.get(hour++);
    }
    return (hour + random.nextDouble()) * HOUR;
  }

  private static double sum(List<Double> weights) {
    return weights.stream().mapToDouble(w -> w).sum();
  }
}
