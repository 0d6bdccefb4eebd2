package dev.slipway.common.machine;

/**
 * A machine's own, for all calls to its region.
 *
 * @param token bearer token
 */
public record Credential(String token) {
  @Override
  public String toString() {
    return "Credential[private]";
  }
}
