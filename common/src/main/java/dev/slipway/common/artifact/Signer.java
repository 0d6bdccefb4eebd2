package dev.slipway.common.artifact;

import java.io.IOException;

/** Signs what machines are to believe, with an Ed25519 key that it need not hold itself. */
public interface Signer {
  /**
   * Signs anything.
   *
   * @param type says what it is
   * @param payload becomes JSON
   * @throws IOException when the key cannot be used now
   */
  Envelope sign(String type, Object payload) throws IOException;
}
