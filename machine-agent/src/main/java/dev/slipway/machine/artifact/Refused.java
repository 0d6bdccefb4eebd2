package dev.slipway.machine.artifact;

/** A release that this machine will not run, however often it is tried; the message says why. */
public final class Refused extends Exception {
  private static final long serialVersionUID = 1;

  public Refused(String reason) {
    super(reason);
  }
}
