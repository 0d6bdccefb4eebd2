package dev.slipway.bench;

import java.time.Duration;

/** A benchmark or a drill. */
public interface Program {
  /** What it is called on the command line; also the prefix of its figures. */
  String name();

  /** How long it takes on an idle machine of two cores. */
  Duration expected(boolean quick);

  /**
   * Runs it whole. Whatever it starts and makes is gone when this returns or throws.
   *
   * @throws InterruptedException when it is to stop
   */
  void run(Run run) throws Exception;
}
