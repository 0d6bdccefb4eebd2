package dev.slipway.deploy;

import static dev.slipway.deploy.DeploymentStatus.ABORTED;
import static dev.slipway.deploy.DeploymentStatus.FAILED;
import static dev.slipway.deploy.DeploymentStatus.PAUSED;
import static dev.slipway.deploy.DeploymentStatus.PENDING;
import static dev.slipway.deploy.DeploymentStatus.ROLLING;
import static dev.slipway.deploy.DeploymentStatus.SUCCEEDED;
import static dev.slipway.deploy.DeploymentStatus.SUPERSEDED;
import static dev.slipway.deploy.World.APP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.region.RegionName;
import dev.slipway.common.target.Target;
import dev.slipway.deploy.RolloutJournal.Moved;
import dev.slipway.deploy.RolloutJournal.State;
import dev.slipway.deploy.RolloutJournal.Word;
import dev.slipway.deploy.RolloutJournal.Written;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.NullMarked;

/**
 * What deployments and targets may do, told from the tables alone: after each step of a test it
 * compares them with how they were before, and with what machines had reported.
 */
@NullMarked
final class RolloutModel {
  /** To which states each state goes, as docs/architecture.md draws it. */
  private static final Map<DeploymentStatus, Set<DeploymentStatus>> NEXT =
      Map.of(
          PENDING, Set.of(PENDING, ROLLING, ABORTED, SUPERSEDED),
          ROLLING, Set.of(ROLLING, PAUSED, SUCCEEDED, FAILED, ABORTED, SUPERSEDED),
          PAUSED, Set.of(PAUSED, ROLLING, ABORTED, SUPERSEDED),
          SUCCEEDED, Set.of(),
          FAILED, Set.of(FAILED),
          ABORTED, Set.of(),
          SUPERSEDED, Set.of(SUPERSEDED));

  private final World world;
  private final RolloutJournal journal;
  private final Map<Long, Deployment> seen = new HashMap<>();
  private final Map<RegionName, Long> revisions = new HashMap<>();
  private final Map<Long, Duration> wellSince = new HashMap<>();
  private Duration now = Duration.ZERO;
  private List<Moved> moved = List.of();
  private long highest;
  private long lastSeq;
  private State before;

  RolloutModel(World world) {
    this.world = world;
    this.journal = new RolloutJournal(world);
    before = journal.state();
  }

  /** Time passes. */
  void later(Duration time) {
    now = now.plus(time);
  }

  /** Before a step: how things stand. */
  void look() {
    before = journal.state();
  }

  /** After a step: nothing happened that may not. */
  void check() {
    var written = journal.written();
    var words = journal.words();
    moved = journal.moved();
    moved.forEach(move -> checkMove(move, words));
    written.forEach(w -> checkWrite(w, written, words));
    for (var deployment : world.deployments.list(APP.value(), Long.MAX_VALUE, 1_000).reversed()) {
      checkDeployment(deployment);
      var earlier = seen.put(deployment.id(), deployment);
      if (earlier != null && earlier.wave() != deployment.wave()) {
        wellSince.remove(deployment.id());
      }
      noteHealth(deployment, words);
    }
    var under =
        seen.values().stream()
            .filter(d ->
                d.status() == DeploymentStatus.ROLLING || d.status() == DeploymentStatus.PAUSED)
            .toList();
    assertThat(under).as("deployments of the app under way").hasSizeLessThanOrEqualTo(1);
    before = journal.state();
  }

  private void checkWrite(Written write, List<Written> all, List<Word> words) {
    assertThat(write.revision()).as("revisions only grow").isGreaterThan(highest);
    highest = write.revision();
    var deployment = world.deployment(write.deployment());
    assertThat(write.build()).isEqualTo(deployment.build());
    assertThat(write.status()).as("of who writes %s", write).isEqualTo("ROLLING");
    words.stream()
        .filter(word -> word.region().equals(write.region()))
        .forEach(word ->
            assertThat(write.tells(word))
                .as("%s is told by %s", word.machine(), write)
                .isEqualTo(reaches(deployment, write.wave(), word)));
    var first =
        all.stream()
            .filter(w -> w.deployment() == write.deployment() && w.wave() == write.wave())
            .findFirst()
            .orElseThrow();
    if (first.equals(write) && write.wave() > 0 && !"ALL".equals(write.promoted())) {
      assertWell(deployment, write.wave() - 1, words);
      var earlier = seen.get(deployment.id());
      if ((earlier == null || earlier.promoted() == null) && !isPromotedNow(deployment)) {
        assertBaked(deployment, write.wave() - 1);
      }
    }
    revisions.put(write.region(), write.revision());
  }

  /** Somebody promoted it in this very step. */
  private boolean isPromotedNow(Deployment deployment) {
    return moved.stream().anyMatch(m -> m.deployment() == deployment.id() && m.promoted() != null);
  }

  private void checkMove(Moved move, List<Word> words) {
    if (move.was() == null) {
      checkMade(move);
    } else {
      assertThat(NEXT.get(move.was())).as("%s", move).contains(move.status());
      assertThat(move.wave())
          .as("waves only grow: %s", move)
          .isGreaterThanOrEqualTo(move.wasWave());
      assertThat(move.wave() == move.wasWave() || move.status() == DeploymentStatus.ROLLING)
          .as("it rolls: %s", move)
          .isTrue();
    }
    if (move.status() == DeploymentStatus.SUCCEEDED) {
      checkSuccess(move, words);
    }
    if (move.was() == DeploymentStatus.PENDING
        && move.status() == DeploymentStatus.ROLLING
        && move.cause() != Cause.ROLLBACK) {
      assertThat(move.unapproved()).as("without approval: %s", move).isFalse();
    }
  }

  private void checkSuccess(Moved move, List<Word> words) {
    var deployment = world.deployment(move.deployment());
    assertThat(isWell(deployment, move.wave(), words, move.revisions()))
        .as("it succeeded: %s, of %s", move, words)
        .isTrue();
    assertThat(move.wave()).isEqualTo(deployment.plan().steps().size() - 1);
  }

  private static void checkMade(Moved made) {
    if (made.status().isEnded()) {
      return;
    }
    if (made.cause() == Cause.AUTO) {
      assertThat(made.pinned()).as("auto-deploy of a pinned app: %s", made).isFalse();
      assertThat(made.open()).as("auto-deploy beside another: %s", made).isZero();
    }
    if (made.cause() == Cause.PERSON) {
      assertThat(made.seq())
          .as("the button goes forward: %s", made)
          .isGreaterThanOrEqualTo(Math.max(made.told(), made.open()));
    }
  }

  private void checkDeployment(Deployment deployment) {
    var earlier = seen.get(deployment.id());
    if (earlier == null) {
      checkNew(deployment);
    } else if (earlier.status().isEnded()) {
      assertThat(deployment).as("what has ended stays as it is").isEqualTo(earlier);
    }
    if (deployment.equals(earlier)) {
      return;
    }
    var was = earlier == null ? DeploymentStatus.PENDING : earlier.status();
    if (was == DeploymentStatus.PENDING && deployment.startedAt() != null) {
      checkBegun(deployment);
    }
    if (deployment.status() == DeploymentStatus.SUPERSEDED) {
      assertThat(deployment.successor()).isNotNull();
      assertThat(world.deployments.find(Objects.requireNonNull(deployment.successor())))
          .isPresent();
    }
  }

  private void checkNew(Deployment deployment) {
    if (deployment.plan().steps().isEmpty()) {
      return;
    }
    assertThat(before.deployable()).as("deployable builds").contains(deployment.build());
    if (deployment.cause() == Cause.AUTO) {
      assertThat(before.frozen()).as("auto-deploy in a freeze").isFalse();
    }
    if (deployment.cause() != Cause.ROLLBACK) {
      var seq = seq(deployment.build());
      if (deployment.cause() == Cause.AUTO) {
        assertThat(seq).as("seq of auto-deploy").isGreaterThan(lastSeq);
        assertThat(before.unended())
            .as("seqs of builds that have not ended and come before %d", seq)
            .noneMatch(earlier -> earlier > lastSeq && earlier < seq);
      }
      lastSeq = Math.max(lastSeq, seq);
    }
  }

  private void checkBegun(Deployment deployment) {
    if (deployment.cause() != Cause.ROLLBACK) {
      assertThat(before.frozen() && deployment.freezeOverride() == null).as("frozen").isFalse();
    }
  }

  /** Every machine of the waves up to one runs the build, but for those that may fail. */
  private void assertWell(Deployment deployment, int wave, List<Word> words) {
    assertThat(isWell(deployment, wave, words, revisions))
        .as(
            "wave %d of deployment %d is well: %s, targets at %s",
            wave + 1, deployment.id(), words, revisions)
        .isTrue();
  }

  private static boolean isWell(
      Deployment deployment, int wave, List<Word> words, Map<RegionName, Long> revisions) {
    var all = 0;
    var bad = 0;
    for (var word : words) {
      if (!reaches(deployment, wave, word)) {
        continue;
      }
      all++;
      var current = !word.silent() && word.revision() >= revisions.getOrDefault(word.region(), 0L);
      if (current
          && "RUNNING".equals(word.state())
          && Long.valueOf(deployment.build()).equals(word.running())) {
        continue;
      }
      if (!word.silent() && !(current && "FAILED".equals(word.state()))) {
        return false;
      }
      bad++;
    }
    return bad * 100 <= all * deployment.plan().maxFailed();
  }

  private void assertBaked(Deployment deployment, int wave) {
    var since = wellSince.get(deployment.id());
    assertThat(since == null ? Duration.ZERO : now.minus(since))
        .as("bake of wave %d of deployment %d", wave + 1, deployment.id())
        .isGreaterThanOrEqualTo(deployment.plan().steps().get(wave).bake());
  }

  private void noteHealth(Deployment deployment, List<Word> words) {
    if (deployment.status() == DeploymentStatus.ROLLING
        && isWell(deployment, deployment.wave(), words, revisions)) {
      wellSince.putIfAbsent(deployment.id(), now);
    } else {
      wellSince.remove(deployment.id());
    }
  }

  private static boolean reaches(Deployment deployment, int wave, Word word) {
    return deployment.plan().steps().subList(0, wave + 1).stream()
        .filter(step -> step.regions().contains(word.region()))
        .filter(step -> word.labels().values().containsAll(step.labels().values()))
        .anyMatch(step -> Target.slot(APP, word.machine()) < step.machines());
  }

  private long seq(long build) {
    return world
        .jdbc
        .sql("select seq from job where id = :id")
        .param("id", build)
        .query(Long.class)
        .single();
  }
}
