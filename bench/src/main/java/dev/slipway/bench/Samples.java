package dev.slipway.bench;

import java.util.ArrayList;
import java.util.List;

/** What one thing measured in several rounds. */
public final class Samples {
  private final List<Double> values = new ArrayList<>();

  /** Of what was measured once. */
  public static Samples of(double value) {
    var samples = new Samples();
    samples.add(value);
    return samples;
  }

  /** Takes a round's value. */
  public void add(double value) {
    values.add(value);
  }

  /** The middle one; of an even number, the mean of the two in the middle. */
  public double median() {
    var sorted = values.stream().sorted().toList();
    var middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /** The value that a share of them is not above. */
  public double quantile(double share) {
    var sorted = values.stream().sorted().toList();
    return sorted.get(Math.clamp((int) Math.ceil(share * sorted.size()) - 1, 0, sorted.size() - 1));
  }

  /** The values, in the order of the rounds. */
  public List<Double> values() {
    return List.copyOf(values);
  }

  public double least() {
    return values.stream().mapToDouble(v -> v).min().orElseThrow();
  }

  public double most() {
    return values.stream().mapToDouble(v -> v).max().orElseThrow();
  }

  public int count() {
    return values.size();
  }
}
