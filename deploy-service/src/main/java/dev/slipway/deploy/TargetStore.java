package dev.slipway.deploy;

import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.machine.Labels;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.target.Ahead;
import dev.slipway.common.target.Group;
import dev.slipway.common.target.Release;
import dev.slipway.common.target.Target;
import dev.slipway.common.target.Targets;
import dev.slipway.common.trace.TraceParent;
import dev.slipway.deploy.trace.DeploymentTraces;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * The revisioned key-value table of targets. A write takes its revision under the lock of one row
 * that it keeps until its commit, so whoever has seen a revision has seen all below it.
 */
public final class TargetStore {
  private final JdbcClient jdbc;

  TargetStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Points a region at a deployment's build, for a share of its machines; the others keep what they
   * were to have before the deployment. Does nothing where that stands already.
   *
   * @param shares by labels that the machines must have; none: of all
   */
  void write(Deployment deployment, RegionName region, Map<Labels, Integer> shares) {
    jdbc.sql(
            """
            with next as (update target_revision set revision = revision + 1 returning revision)
            insert into target (region, app, job, labels, share, groups, previous, revision, deployment)
            select :region, :app, :build, cast(:labels as text[]), :share, cast(:groups as jsonb), null, next.revision, :deployment
            from next
            on conflict (region, app) do update set
              job = excluded.job,
              labels = excluded.labels,
              share = excluded.share,
              groups = excluded.groups,
              previous = case when target.deployment = excluded.deployment then target.previous
                              when target.share = 100 then target.job
                              else target.previous end,
              revision = excluded.revision,
              deployment = excluded.deployment,
              updated_at = now()
            where (target.deployment, target.share, target.groups)
              is distinct from (excluded.deployment, excluded.share, excluded.groups)
            """)
        .param("region", region.value())
        .param("app", deployment.app().value())
        .param("build", deployment.build())
        .param("labels", deployment.plan().labels().values().toArray(String[]::new))
        .param("share", shares.getOrDefault(Labels.NONE, 0))
        .param("groups", JsonMapper.shared().writeValueAsString(groups(shares)))
        .param("deployment", deployment.id())
        .update();
  }

  /** In an order of their own, so that the same are written the same. */
  private static List<Group> groups(Map<Labels, Integer> shares) {
    return shares.entrySet().stream()
        .filter(share -> !share.getKey().isNone())
        .map(share -> new Group(share.getKey(), share.getValue()))
        .sorted(Comparator.comparing(group -> group.labels().toString()))
        .toList();
  }

  /**
   * Gives a region's target a new revision and leaves it as it is otherwise: machines that could
   * not run it try again, those that run it only say so again.
   *
   * @return whether it was still this deployment's
   */
  boolean again(Deployment deployment, RegionName region) {
    return jdbc.sql(
                """
                with mine as (
                  select from target where region = :region and app = :app and deployment = :deployment
                ), next as (
                  update target_revision set revision = revision + 1 where exists (select from mine) returning revision
                )
                update target set revision = next.revision, updated_at = now() from next
                where region = :region and app = :app and deployment = :deployment
                """)
            .param("region", region.value())
            .param("app", deployment.app().value())
            .param("deployment", deployment.id())
            .update()
        == 1;
  }

  /** A region's targets above a revision. */
  Targets after(RegionName region, long revision) {
    var targets =
        jdbc.sql(
                """
                select target.app, target.revision, target.share, target.labels, target.groups,
                       job.id, job.sha256, job.size_bytes, job.manifest, job.trace_parent, target.deployment,
                       before.id as before_id, before.sha256 as before_sha256,
                       before.size_bytes as before_size_bytes, before.manifest as before_manifest,
                       before.trace_parent as before_trace_parent,
                       target.ahead_revision, ahead.id as ahead_id, ahead.sha256 as ahead_sha256,
                       ahead.size_bytes as ahead_size_bytes, ahead.manifest as ahead_manifest,
                       ahead.trace_parent as ahead_trace_parent
                from target join job on job.id = target.job left join job before on before.id = target.previous
                     left join job ahead on ahead.id = target.ahead
                where target.region = :region and greatest(target.revision, target.ahead_revision) > :revision
                order by greatest(target.revision, target.ahead_revision)
                """)
            .param("region", region.value())
            .param("revision", revision)
            .query((row, n) -> read(row, region))
            .list();
    return new Targets(targets.isEmpty() ? revision : targets.getLast().lastRevision(), targets);
  }

  /** The last revision that was given out, over all regions. */
  long newestRevision() {
    return jdbc.sql("select revision from target_revision").query(Long.class).single();
  }

  /** What an app must run in one region. */
  public record Aim(long build, long revision) {}

  /**
   * The labels that all of an app's targets ask for, so that whoever was told anything has them.
   */
  Labels labelsTold(AppName app) {
    return jdbc
        .sql("select labels from target where app = :app")
        .param("app", app.value())
        .query((row, n) -> labels(row))
        .list()
        .stream()
        .reduce(Labels::inCommon)
        .orElse(Labels.NONE);
  }

  /** An app's targets by region. */
  public Map<RegionName, Aim> aimsOf(AppName app) {
    return jdbc
        .sql("select region, job, revision from target where app = :app")
        .param("app", app.value())
        .query((row, n) ->
            Map.entry(
                new RegionName(row.getString("region")),
                new Aim(row.getLong("job"), row.getLong("revision"))))
        .list()
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /**
   * Names what each region's machines should have ahead: the newest build that is replicated, when
   * its recipe says so and it comes after what all of them were told to run. None for a pinned app:
   * somebody went back, and decides what comes next. Always the newest, so it only moves forward.
   *
   * @return whether anything changed
   */
  boolean lookAhead() {
    return jdbc.sql(
                """
                with aimed as materialized (
                  select name from app where pinned_at is null and exists (select from target where target.app = app.name)
                ), newest as materialized (
                  select aimed.name as app, build.id, build.seq, build.rollout
                  from aimed cross join lateral (
                    select id, seq, rollout from job
                    where job.app = aimed.name and job.replicated_at is not null and job.retired_at is null
                    order by job.seq desc limit 1
                  ) build
                  where (build.rollout ->> 'prefetch')::boolean
                ), choice as (
                  select target.region, target.app, newest.id as job
                  from newest
                  join target on target.app = newest.app
                  join region on region.name = target.region and region.wanted
                  left join job everywhere on everywhere.id = case when target.share = 100 then target.job else target.previous end
                  where newest.seq > coalesce(everywhere.seq, 0)
                    and (jsonb_array_length(newest.rollout -> 'regions') = 0
                         or jsonb_exists(newest.rollout -> 'regions', region.name))
                    and exists (select from replica where replica.job = newest.id and replica.region = region.name
                                and replica.status = 'VERIFIED')
                ), changed as (
                  select target.region, target.app, choice.job from target left join choice using (region, app)
                  where target.ahead is distinct from choice.job
                ), next as (
                  update target_revision set revision = revision + 1 where exists (select from changed) returning revision
                )
                update target set ahead = changed.job, ahead_revision = next.revision
                from changed, next
                where target.region = changed.region and target.app = changed.app
                """)
            .update()
        > 0;
  }

  private static Target read(ResultSet row, RegionName region) throws SQLException {
    var before = row.getObject("before_id", Long.class);
    var revision = row.getLong("ahead_revision");
    var build = row.getObject("ahead_id", Long.class);
    return new Target(
        new AppName(row.getString("app")),
        row.getLong("revision"),
        deployed(row, region),
        row.getInt("share"),
        before == null ? null : release(row, "before_"),
        revision == 0 ? null : new Ahead(revision, build == null ? null : release(row, "ahead_")),
        null,
        labels(row),
        List.of(JsonMapper.shared().readValue(row.getString("groups"), Group[].class)));
  }

  private static Labels labels(ResultSet row) throws SQLException {
    return Labels.of((String[]) row.getArray("labels").getArray());
  }

  /** What a deployment brings: its machines' part in the build's trace is known. */
  private static Release deployed(ResultSet row, RegionName region) throws SQLException {
    var found = release(row, "");
    var push = found.trace();
    return push == null
        ? found
        : found.in(DeploymentTraces.placeIn(push, row.getLong("deployment"), region.value()));
  }

  private static Release release(ResultSet row, String prefix) throws SQLException {
    return new Release(
        row.getLong(prefix + "id"),
        new Sha256(row.getString(prefix + "sha256")),
        row.getLong(prefix + "size_bytes"),
        row.getString(prefix + "manifest"),
        TraceParent.parse(row.getString(prefix + "trace_parent")).orElse(null));
  }
}
