package dev.slipway.deploy.console.signin;

import io.micrometer.core.instrument.MeterRegistry;

/** Counts those who sign in, and those who are refused. */
public final class SignIns {
  private final MeterRegistry meters;

  /**
   * @param meters get {@code slipway.console.sign_ins} by outcome
   */
  public SignIns(MeterRegistry meters) {
    this.meters = meters;
  }

  /** One who was accepted, or refused. */
  public void count(boolean accepted) {
    meters
        .counter("slipway.console.sign_ins", "outcome", accepted ? "accepted" : "refused")
        .increment();
  }
}
