package dev.slipway.deploy;

import static dev.slipway.deploy.World.APP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.machine.MachineId;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.target.Target;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * What deployments and targets may do, told from the tables alone: after each step of a test it
 * compares them with how they were before, and with what machines had reported.
 */
@NullMarked
final class RolloutModel {
  private final World world;
  private final Map<Long, Deployment> seen = new HashMap<>();
  private final Map<RegionName, Long> revisions = new HashMap<>();
  private final Map<Long, Duration> wellSince = new HashMap<>();
  private Duration now = Duration.ZERO;
  private long lastWrite;
  private long highest;
  private long lastSeq;
  private State before;

  RolloutModel(World world) {
    this.world = world;
    world
        .jdbc
        .sql(
            """
            create table written (id bigint generated always as identity, region text, build bigint, share int, revision bigint,
                                  deployment bigint, wave int, promoted text)
            """)
        .update();
    world
        .jdbc
        .sql(
            """
            create function keep_written() returns trigger language plpgsql as $$
            begin
              insert into written (region, build, share, revision, deployment, wave, promoted)
              select new.region, new.job, new.share, new.revision, id, wave, promoted from deployment where id = new.deployment;
              return new;
            end $$
            """)
        .update();
    world
        .jdbc
        .sql(
            """
            create trigger written after insert or update of job, share, revision, deployment on target
            for each row execute function keep_written()
            """)
        .update();
    before = state();
  }

  /** What stands in the way of deployments. */
  private record State(
      boolean pinned, boolean frozen, boolean approval, Set<Long> deployable, Set<Long> unended) {}

  private record Written(
      long id,
      RegionName region,
      long build,
      int share,
      long revision,
      long deployment,
      int wave,
      @Nullable String promoted) {}

  private record Word(
      RegionName region,
      MachineId machine,
      @Nullable Long running,
      @Nullable String state,
      long revision,
      boolean silent) {}

  /** Time passes. */
  void later(Duration time) {
    now = now.plus(time);
  }

  /** Before a step: how things stand. */
  void look() {
    before = state();
  }

  /** After a step: nothing happened that may not. */
  void check() {
    var written = written();
    var words = words();
    written.forEach(w -> checkWrite(w, written, words));
    for (var deployment : world.deployments.list(APP.value(), Long.MAX_VALUE, 1_000).reversed()) {
      checkDeployment(deployment, words);
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
    written.forEach(w -> lastWrite = w.id);
    before = state();
  }

  private void checkWrite(Written write, List<Written> all, List<Word> words) {
    assertThat(write.revision).as("revisions only grow").isGreaterThan(highest);
    highest = write.revision;
    var deployment = world.deployment(write.deployment);
    assertThat(write.build).isEqualTo(deployment.build());
    assertThat(write.share)
        .as("the share of wave %d", write.wave)
        .isEqualTo(share(deployment, write.wave, write.region));
    var first =
        all.stream()
            .filter(w -> w.deployment == write.deployment && w.wave == write.wave)
            .findFirst()
            .orElseThrow();
    if (first.equals(write) && write.wave > 0 && !"ALL".equals(write.promoted)) {
      assertWell(deployment, write.wave - 1, words);
      var earlier = seen.get(deployment.id());
      if (earlier == null || earlier.promoted() == null) {
        assertBaked(deployment, write.wave - 1);
      }
    }
    revisions.put(write.region, write.revision);
  }

  private void checkDeployment(Deployment deployment, List<Word> words) {
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
    if (deployment.status() == DeploymentStatus.SUCCEEDED) {
      assertWell(deployment, deployment.plan().steps().size() - 1, words);
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
    assertThat(before.deployable).as("deployable builds").contains(deployment.build());
    if (deployment.cause() == Cause.AUTO) {
      assertThat(before.pinned).as("auto-deploy of a pinned app").isFalse();
      assertThat(before.frozen).as("auto-deploy in a freeze").isFalse();
    }
    if (deployment.cause() != Cause.ROLLBACK) {
      var seq = seq(deployment.build());
      if (deployment.cause() == Cause.AUTO) {
        assertThat(seq).as("seq of auto-deploy").isGreaterThan(lastSeq);
        assertThat(before.unended)
            .as("seqs of builds that have not ended and come before %d", seq)
            .noneMatch(earlier -> earlier > lastSeq && earlier < seq);
      }
      lastSeq = Math.max(lastSeq, seq);
    }
  }

  private void checkBegun(Deployment deployment) {
    if (deployment.cause() != Cause.ROLLBACK) {
      assertThat(before.frozen && deployment.freezeOverride() == null).as("frozen").isFalse();
      assertThat(before.approval && deployment.approvedBy() == null)
          .as("without approval")
          .isFalse();
    }
  }

  /** Every machine of the waves up to one runs the build, but for those that may fail. */
  private void assertWell(Deployment deployment, int wave, List<Word> words) {
    assertThat(isWell(deployment, wave, words))
        .as(
            "wave %d of deployment %d is well: %s, targets at %s",
            wave + 1, deployment.id(), words, revisions)
        .isTrue();
  }

  private boolean isWell(Deployment deployment, int wave, List<Word> words) {
    var all = 0;
    var bad = 0;
    for (var word : words) {
      var share = share(deployment, wave, word.region);
      if (Target.slot(APP, word.machine) >= share) {
        continue;
      }
      all++;
      var current = !word.silent && word.revision >= revisions.getOrDefault(word.region, 0L);
      if (current
          && "RUNNING".equals(word.state)
          && Long.valueOf(deployment.build()).equals(word.running)) {
        continue;
      }
      if (!word.silent && !(current && "FAILED".equals(word.state))) {
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
        && isWell(deployment, deployment.wave(), words)) {
      wellSince.putIfAbsent(deployment.id(), now);
    } else {
      wellSince.remove(deployment.id());
    }
  }

  private static int share(Deployment deployment, int wave, RegionName region) {
    var most = 0;
    for (var step : deployment.plan().steps().subList(0, wave + 1)) {
      if (step.regions().contains(region)) {
        most = Math.max(most, step.machines());
      }
    }
    return most;
  }

  private long seq(long build) {
    return world
        .jdbc
        .sql("select seq from job where id = :id")
        .param("id", build)
        .query(Long.class)
        .single();
  }

  private State state() {
    return world
        .jdbc
        .sql(
            """
            select pinned_at is not null as pinned, needs_approval,
                   exists (select from freeze_window where ends_at > now()) as frozen,
                   array(select id from job where replicated_at is not null and retired_at is null and not exists (
                     select from region where wanted and not exists (
                       select from replica where job = job.id and region = region.name and status = 'VERIFIED'))) as deployable,
                   array(select seq from job where status in ('QUEUED', 'RUNNING')) as unended
            from app where name = :app
            """)
        .param("app", APP.value())
        .query((row, n) ->
            new State(
                row.getBoolean("pinned"),
                row.getBoolean("frozen"),
                row.getBoolean("needs_approval"),
                longs(row, "deployable"),
                longs(row, "unended")))
        .single();
  }

  private static Set<Long> longs(ResultSet row, String column) throws SQLException {
    return new HashSet<>(List.of((Long[]) row.getArray(column).getArray()));
  }

  private List<Written> written() {
    return world
        .jdbc
        .sql("select * from written where id > :last order by id")
        .param("last", lastWrite)
        .query((row, n) ->
            new Written(
                row.getLong("id"),
                new RegionName(row.getString("region")),
                row.getLong("build"),
                row.getInt("share"),
                row.getLong("revision"),
                row.getLong("deployment"),
                row.getInt("wave"),
                row.getString("promoted")))
        .list();
  }

  private List<Word> words() {
    return new ArrayList<>(
        world
            .jdbc
            .sql(
                """
                select m.region, m.id, a.running, a.state, coalesce(a.revision, 0) as revision,
                       m.seen_at < now() - interval '1 minute' as silent
                from machine m left join machine_app a on a.region = m.region and a.machine = m.id
                """)
            .query((row, n) ->
                new Word(
                    new RegionName(row.getString("region")),
                    new MachineId(row.getString("id")),
                    row.getObject("running", Long.class),
                    row.getString("state"),
                    row.getLong("revision"),
                    row.getBoolean("silent")))
            .list());
  }
}
