package dev.slipway.machine.region;

import dev.slipway.common.artifact.TrustedKeys;
import dev.slipway.common.machine.Assignment;
import dev.slipway.common.machine.Labels;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.target.TargetStatement;
import java.time.Clock;
import java.util.Optional;

/**
 * Believes an assignment only where it follows from a target that the centre has signed for this
 * region: whoever holds a regional agent cannot make this machine run something else.
 */
public final class SignedTargets {
  private static final String WHAT = "target";

  private final MachineId machine;
  private final Labels labels;
  private final RegionName region;
  private final TrustedKeys keys;
  private final Clock clock;

  /**
   * @param labels of the machine, by which it decides for itself what a target means for it
   * @param clock an expiry is compared with
   */
  public SignedTargets(
      MachineId machine, Labels labels, RegionName region, TrustedKeys keys, Clock clock) {
    this.machine = machine;
    this.labels = labels;
    this.region = region;
    this.keys = keys;
    this.clock = clock;
  }

  /** Why an assignment is not believed; empty: it is. */
  public Optional<String> objection(Assignment assignment) {
    var signed = assignment.signed();
    if (signed == null) {
      return Optional.of("the target is not signed");
    }
    try {
      check(assignment, keys.verify(WHAT, signed, TargetStatement.TYPE, TargetStatement.class));
      return Optional.empty();
    } catch (InvalidInput e) {
      return Optional.of("the " + e.getMessage());
    }
  }

  private void check(Assignment assignment, TargetStatement statement) {
    var target = statement.target();
    same("region", region, statement.region());
    same("app", assignment.app(), target.app());
    same("revision", assignment.revision(), target.revision());
    InvalidInput.unless(
        assignment.release().equals(target.releaseFor(machine, labels)),
        WHAT,
        "was signed for another release on this machine than build "
            + assignment.release().build());
    var now = clock.instant();
    InvalidInput.unless(
        now.isBefore(statement.expires()),
        WHAT,
        "was good until %s, and here it is %s".formatted(statement.expires(), now));
  }

  private static void same(String field, Object here, Object signed) {
    InvalidInput.unless(
        here.equals(signed),
        WHAT,
        "was signed for %s %s, not for %s".formatted(field, signed, here));
  }
}
