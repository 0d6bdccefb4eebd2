package dev.slipway.common.access;

import dev.slipway.common.machine.MachineId;
import dev.slipway.common.problem.InvalidInput;
import java.util.Optional;

/**
 * Machines' tokens, derived from their region's secret: {@code <machine>:<HMAC>}. A regional agent
 * checks them without any store, so also with the centre gone.
 */
public final class MachineTokens implements Tokens {
  private final String secret;

  /**
   * @param secret known to the region's agents alone, at least 32 characters
   */
  public MachineTokens(String secret) {
    InvalidInput.unless(secret.length() >= 32, "machine secret", "must be at least 32 characters");
    this.secret = secret;
  }

  public String tokenOf(MachineId machine) {
    return machine + ":" + Secrets.hmac(secret, "machine:" + machine);
  }

  @Override
  public Optional<Caller> callerOf(String token) {
    var colon = token.indexOf(':');
    if (colon < 1) {
      return Optional.empty();
    }
    try {
      var machine = new MachineId(token.substring(0, colon));
      return Secrets.same(tokenOf(machine), token)
          ? Optional.of(new Caller(machine.value(), Role.MACHINE, machine.value()))
          : Optional.empty();
    } catch (InvalidInput notAName) {
      return Optional.empty();
    }
  }
}
