package dev.slipway.bench;

import java.util.ArrayList;
import java.util.List;

/** What one thing measured in several rounds. */
public final class Samples {
  private final List<Double> values = new ArrayList<>();

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
