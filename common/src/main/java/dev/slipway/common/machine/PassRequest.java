package dev.slipway.common.machine;

import dev.slipway.common.problem.InvalidInput;

/**
 * A machine asks to be admitted to the swarm of an artifact that it was told to run.
 *
 * @param zone as in {@link Poll}
 * @param publicKey of the machine's peer, base64 of an Ed25519 SubjectPublicKeyInfo
 */
public record PassRequest(String zone, String publicKey) {
  private static final int LONGEST_KEY = 300;

  public PassRequest {
    InvalidInput.unless(
        publicKey.length() <= LONGEST_KEY,
        "publicKey",
        "must be at most " + LONGEST_KEY + " letters");
  }
}
