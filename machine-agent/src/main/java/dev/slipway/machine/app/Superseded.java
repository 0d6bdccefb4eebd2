package dev.slipway.machine.app;

/** Something newer is wanted, so that it is not worth waiting on; nothing was decided. */
final class Superseded extends Exception {
  private static final long serialVersionUID = 1;

  Superseded() {
    super("superseded", null, false, false);
  }
}
