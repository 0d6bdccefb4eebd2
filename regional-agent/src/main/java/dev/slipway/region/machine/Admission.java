package dev.slipway.region.machine;

import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.machine.Labels;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.machine.Pass;
import dev.slipway.common.machine.PassRequest;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.problem.Problem;
import dev.slipway.common.swarm.AnnounceKeys;
import dev.slipway.common.swarm.CircleAuthority;
import dev.slipway.common.swarm.PieceWish;
import dev.slipway.common.target.Release;
import dev.slipway.common.target.Target;
import dev.slipway.region.OwnAddress;
import dev.slipway.region.target.TargetCache;
import java.util.Base64;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Admits machines to the swarms of what they are told to run or to have ahead, and of what they ran
 * before.
 */
public final class Admission {
  private final TargetCache targets;
  private final OwnAddress own;
  private final AnnounceKeys keys;
  private final Fleet fleet;
  private final Revocations revocations;
  private final @Nullable CircleAuthority authority;

  /**
   * @param fleet tells machines' labels
   * @param authority none where peers do not speak TLS
   */
  public Admission(
      TargetCache targets,
      OwnAddress own,
      AnnounceKeys keys,
      Fleet fleet,
      Revocations revocations,
      @Nullable CircleAuthority authority) {
    this.targets = targets;
    this.own = own;
    this.keys = keys;
    this.fleet = fleet;
    this.revocations = revocations;
    this.authority = authority;
  }

  /**
   * A pass, good for {@link CircleAuthority#VALID}.
   *
   * @throws Problem 403 {@code not-assigned} for what no target names for this machine
   */
  Pass admit(MachineId machine, AppName app, Sha256 artifact, PassRequest asked) {
    var labels = fleet.labelsOf(machine);
    if (targets.snapshot().newestFirst().stream()
        .filter(target -> target.app().equals(app) && target.isFor(labels))
        .noneMatch(target -> names(target, machine, labels, artifact))) {
      throw new Problem(403, "not-assigned", machine + " was not told to run " + artifact);
    }
    var announce =
        PieceWish.dealtAt(
            keys.address(own.address(), artifact, revocations.memberOf(machine), asked.zone()));
    return authority == null
        ? new Pass(announce, null, null)
        : new Pass(announce, authority.root(), authority.admit(artifact, key(asked)));
  }

  private static boolean names(Target target, MachineId machine, Labels labels, Sha256 artifact) {
    var ahead = target.ahead();
    return Stream.of(
            target.releaseFor(machine, labels),
            target.previous(),
            ahead == null ? null : ahead.release())
        .filter(Objects::nonNull)
        .map(Release::sha256)
        .anyMatch(artifact::equals);
  }

  private static byte[] key(PassRequest asked) {
    try {
      return Base64.getDecoder().decode(asked.publicKey());
    } catch (IllegalArgumentException e) {
      throw new InvalidInput("publicKey", "must be base64");
    }
  }
}
