package dev.slipway.common.swarm;

/** Which peers may live in one process: many without TLS, or a single one with it. */
final class Company {
  private int plain;
  private int tls;

  /**
   * @throws IllegalStateException when the peer cannot be where the others are
   */
  synchronized void admit(boolean wantsTls) {
    if (tls > 0 || (wantsTls && plain > 0)) {
      throw new IllegalStateException(
          "a peer that speaks TLS must be the only one of its process: the engine's TLS library"
              + " is built without threads");
    }
  }

  synchronized void entered(boolean speaksTls) {
    count(speaksTls, 1);
  }

  synchronized void left(boolean speaksTls) {
    count(speaksTls, -1);
  }

  private void count(boolean speaksTls, int change) {
    if (speaksTls) {
      tls += change;
    } else {
      plain += change;
    }
  }
}
