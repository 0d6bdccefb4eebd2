package dev.slipway.deploy;

import static dev.slipway.deploy.DeploymentStatus.ABORTED;
import static dev.slipway.deploy.DeploymentStatus.FAILED;
import static dev.slipway.deploy.DeploymentStatus.PAUSED;
import static dev.slipway.deploy.DeploymentStatus.PENDING;
import static dev.slipway.deploy.DeploymentStatus.ROLLING;
import static dev.slipway.deploy.DeploymentStatus.SUCCEEDED;
import static dev.slipway.deploy.DeploymentStatus.SUPERSEDED;

import dev.slipway.common.problem.Problem;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The one table of a deployment's moves: from which states, to which, and whether a person makes
 * it. docs/architecture.md draws it.
 */
public enum Move {
  APPROVE(true, PENDING, PENDING),
  START(false, ROLLING, PENDING),
  PAUSE(true, PAUSED, ROLLING),
  RESUME(true, ROLLING, PAUSED),
  /** The wave under way need not bake. */
  PROMOTE(true, ROLLING, ROLLING),
  /** All machines at once: no wave is waited for any more. */
  PROMOTE_ALL(true, ROLLING, ROLLING),
  SUCCEED(false, SUCCEEDED, ROLLING),
  FAIL(false, FAILED, ROLLING),
  ABORT(true, ABORTED, PENDING, ROLLING, PAUSED),
  /** Another deployment takes its place. */
  SUPERSEDE(false, SUPERSEDED, PENDING, ROLLING, PAUSED);

  private final boolean person;
  private final DeploymentStatus next;

  @SuppressWarnings("ImmutableEnumChecker") // List.of is
  private final List<DeploymentStatus> from;

  Move(boolean person, DeploymentStatus next, DeploymentStatus... from) {
    this.person = person;
    this.next = next;
    this.from = List.of(from);
  }

  /** A person's move of that name in lower case, with hyphens. */
  public static Move of(String word) {
    return Arrays.stream(values())
        .filter(move -> move.person && move.word().equals(word))
        .findFirst()
        .orElseThrow(() ->
            new Problem(
                404,
                "not-found",
                "a deployment can be approved, paused, resumed, promoted and aborted: "
                    + people()));
  }

  private static String people() {
    return String.join(
        ", ", Arrays.stream(values()).filter(m -> m.person).map(Move::word).toList());
  }

  DeploymentStatus next() {
    return next;
  }

  List<DeploymentStatus> from() {
    return from;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
