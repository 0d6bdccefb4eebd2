package dev.slipway.bench;

import java.time.Duration;
import java.util.Set;

/** A benchmark or a drill. */
public interface Program {
  /** What it is called on the command line; also the prefix of its figures. */
  String name();

  /** How long it takes on an idle machine of two cores. */
  Duration expected(boolean quick);

  /** Whether it measures in rounds, the first of which does not count. */
  default boolean hasWarmUp() {
    return true;
  }

  /** What can be set of it, by {@code --set}. */
  default Set<String> settings() {
    return Set.of();
  }

  /**
   * Runs it whole. Whatever it starts and makes is gone when this returns or throws.
   *
   * @throws InterruptedException when it is to stop
   */
  void run(Run run) throws Exception;
}
