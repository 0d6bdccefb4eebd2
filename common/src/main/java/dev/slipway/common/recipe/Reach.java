package dev.slipway.common.recipe;

import dev.slipway.common.machine.Labels;
import java.util.HashMap;
import java.util.Map;

/** What share of a region's machines the waves so far reach, by the labels that they ask for. */
final class Reach {
  private final Map<Labels, Integer> shares = new HashMap<>();

  Reach copy() {
    var copy = new Reach();
    copy.shares.putAll(shares);
    return copy;
  }

  /** The share of the machines with these labels that is reached, whichever wave asked for them. */
  int of(Labels labels) {
    return shares.entrySet().stream()
        .filter(wave -> labels.cover(wave.getKey()))
        .mapToInt(Map.Entry::getValue)
        .max()
        .orElse(0);
  }

  /** The share of all machines. */
  int ofAll() {
    return of(Labels.NONE);
  }

  /** Whether any machine is reached. */
  boolean isAny() {
    return !shares.isEmpty();
  }

  void raise(Labels labels, int share) {
    shares.put(labels, share);
  }
}
