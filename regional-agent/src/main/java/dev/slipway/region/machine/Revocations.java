package dev.slipway.region.machine;

import dev.slipway.common.access.Caller;
import dev.slipway.common.access.MachineTokens;
import dev.slipway.common.access.Role;
import dev.slipway.common.access.Secrets;
import dev.slipway.common.access.Tokens;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.problem.Problem;
import dev.slipway.region.target.TargetCache;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Machines' credentials, each good until its machine is revoked. A credential has the epoch of its
 * machine at the time that it was given: the revision of the last revocation, 0 for none. Derived
 * as {@link MachineTokens} are, so what is known here of revocations is all there is to look up.
 */
public final class Revocations implements Tokens {
  private static final Pattern LATER = Pattern.compile("([^:]{1,64}):(\\d{1,18}):([0-9a-f]{64})");
  private static final Pattern MEMBER = Pattern.compile("(.{1,64}?)(?:~(\\d{1,18}))?");

  private final String secret;
  private final MachineTokens first;
  private final TargetCache targets;

  /**
   * @param secret known to the region's agents alone, at least 32 characters
   * @param targets know which machines were revoked
   */
  public Revocations(String secret, TargetCache targets) {
    this.secret = secret;
    this.first = new MachineTokens(secret);
    this.targets = targets;
  }

  /** Whose a credential is, and since which revocation. */
  private record Bearer(MachineId machine, long epoch) {}

  /** The machine's epoch now. */
  long epochOf(MachineId machine) {
    return targets.snapshot().epochOf(machine);
  }

  /** A credential that is good from now until the machine is revoked the next time. */
  String tokenOf(MachineId machine) {
    return tokenOf(new Bearer(machine, epochOf(machine)));
  }

  private String tokenOf(Bearer bearer) {
    var machine = bearer.machine;
    return bearer.epoch == 0
        ? first.tokenOf(machine)
        : machine
            + ":"
            + bearer.epoch
            + ":"
            + Secrets.hmac(secret, "machine:" + machine + ":" + bearer.epoch);
  }

  @Override
  public Optional<Caller> callerOf(String token) {
    return bearer(token)
        .filter(this::isGood)
        .map(b -> new Caller(b.machine.value(), Role.MACHINE, b.machine.value()));
  }

  /**
   * The epoch of a credential that was good when its request came.
   *
   * @throws Problem 401 {@code machine-revoked} when its machine was revoked since
   */
  long epochOf(String token) {
    return bearer(token).filter(this::isGood).map(Bearer::epoch).orElseThrow(Revocations::refused);
  }

  private boolean isGood(Bearer bearer) {
    return bearer.epoch >= epochOf(bearer.machine);
  }

  private Optional<Bearer> bearer(String token) {
    var later = LATER.matcher(token);
    if (!later.matches()) {
      return first.callerOf(token).map(caller -> new Bearer(new MachineId(caller.name()), 0));
    }
    try {
      var bearer = new Bearer(new MachineId(later.group(1)), Long.parseLong(later.group(2)));
      return Secrets.same(tokenOf(bearer), token) ? Optional.of(bearer) : Optional.empty();
    } catch (InvalidInput notAName) {
      return Optional.empty();
    }
  }

  /** What a machine is called by the tracker: its name and epoch. */
  public String memberOf(MachineId machine) {
    var epoch = epochOf(machine);
    return epoch == 0 ? machine.value() : machine + "~" + epoch;
  }

  /**
   * Refuses a member whose machine was revoked since it was admitted.
   *
   * @throws Problem 403 {@code machine-revoked}
   */
  void requireGood(String member) {
    var named = MEMBER.matcher(member);
    InvalidInput.unless(named.matches(), "member", "must be a machine");
    var epoch = named.group(2) == null ? 0 : Long.parseLong(named.group(2));
    if (!isGood(new Bearer(new MachineId(named.group(1)), epoch))) {
      throw new Problem(403, "machine-revoked", "this machine was revoked");
    }
  }

  static Problem refused() {
    return new Problem(
        401, "machine-revoked", "this machine was revoked; to let it in again, register it");
  }
}
