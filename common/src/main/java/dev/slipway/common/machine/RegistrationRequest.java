package dev.slipway.common.machine;

import dev.slipway.common.problem.InvalidInput;

/**
 * A machine that has no credential yet asks for it, with a registration token as its bearer token.
 *
 * @param claim random, made by the machine once and sent with each try, so that a try whose answer
 *     was lost can be made again, by it alone; 32 to 100 letters, digits, hyphens and underscores
 */
public record RegistrationRequest(String claim) {
  public RegistrationRequest {
    InvalidInput.unless(
        claim.matches("[A-Za-z0-9_-]{32,100}"),
        "claim",
        "must be 32 to 100 letters, digits, hyphens and underscores");
  }

  @Override
  public String toString() {
    return "RegistrationRequest[private]";
  }
}
