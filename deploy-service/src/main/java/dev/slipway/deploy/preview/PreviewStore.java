package dev.slipway.deploy.preview;

import dev.slipway.common.app.AppName;
import dev.slipway.common.job.CommitSha;
import dev.slipway.common.machine.Labels;
import dev.slipway.common.recipe.DeployRecipe;
import dev.slipway.common.region.RegionName;
import dev.slipway.deploy.Plan;
import dev.slipway.deploy.Progress;
import dev.slipway.deploy.preview.Preview.RegionPreview;
import dev.slipway.deploy.preview.Preview.Skipped;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** Looks up what a preview is made of; changes nothing. */
public final class PreviewStore {
  private static final int MOST_SKIPPED = 100;

  private final JdbcClient jdbc;

  public PreviewStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * The build.
   *
   * @param replicated whether every region that is wanted now has a copy that was read back
   * @param pinnedBy who keeps auto-deploy off the app
   */
  record Build(
      long id,
      long seq,
      String commit,
      String status,
      long sizeBytes,
      boolean replicated,
      boolean retired,
      @Nullable String pinnedBy,
      DeployRecipe recipe) {}

  Optional<Build> build(AppName app, long id) {
    return jdbc.sql(
            """
            select job.*, app.pinned_by,
                   replicated_at is not null and not exists (
                     select from region where wanted and not exists (
                       select from replica
                       where replica.job = job.id and replica.region = region.name and replica.status = 'VERIFIED')) as everywhere
            from job join app on app.name = job.app
            where job.app = :app and job.id = :id
            """)
        .param("app", app.value())
        .param("id", id)
        .query((row, n) -> {
          var rollout = row.getString("rollout");
          return new Build(
              row.getLong("id"),
              row.getLong("seq"),
              new CommitSha(row.getString("commit_sha")).abbreviated(),
              row.getString("status"),
              row.getLong("size_bytes"),
              row.getBoolean("everywhere"),
              row.getObject("retired_at") != null,
              row.getString("pinned_by"),
              rollout == null
                  ? DeployRecipe.BY_HAND
                  : JsonMapper.shared().readValue(rollout, DeployRecipe.class));
        })
        .optional();
  }

  /** The newest build of an app that somebody could deploy. */
  Optional<Long> newest(AppName app) {
    return jdbc.sql(
            """
            select id from job where app = :app and replicated_at is not null and retired_at is null order by seq desc limit 1
            """)
        .param("app", app.value())
        .query(Long.class)
        .optional();
  }

  /** The place in its app's order of the newest build that any region is to run. */
  Optional<Long> newestSeqNow(AppName app) {
    return jdbc.sql(
            """
            select seq from job
            where id in (select target.job from target join region on region.name = target.region
                         where target.app = :app and region.wanted)
            order by seq desc limit 1
            """)
        .param("app", app.value())
        .query(Long.class)
        .optional();
  }

  /** Builds between two places that were not deployed and have not failed. */
  List<Skipped> between(AppName app, long after, long before) {
    return jdbc.sql(
            """
            select id, commit_sha, status from job
            where app = :app and seq > :after and seq < :before and status in ('QUEUED', 'RUNNING', 'SUCCEEDED')
              and not exists (select from deployment where deployment.job = job.id and deployment.started_at is not null)
            order by seq limit :most
            """)
        .param("app", app.value())
        .param("after", after)
        .param("before", before)
        .param("most", MOST_SKIPPED)
        .query((row, n) ->
            new Skipped(
                row.getLong("id"),
                new CommitSha(row.getString("commit_sha")).abbreviated(),
                row.getString("status")))
        .list();
  }

  /** All regions by name, and whether each is wanted. */
  SortedMap<RegionName, Boolean> regions() {
    var regions = new TreeMap<RegionName, Boolean>(Comparator.comparing(RegionName::value));
    jdbc.sql("select name, wanted from region")
        .query(row -> {
          regions.put(new RegionName(row.getString("name")), row.getBoolean("wanted"));
        });
    return regions;
  }

  /** A machine that is there for an app, and what it is. */
  record Labelled(RegionName region, Labels labels) {}

  /** Which machines there are for an app, those that are alike once. */
  List<Labelled> machines(AppName app) {
    return jdbc.sql(
            "select distinct region, labels from machine where hosts = '{}' or :app = any (hosts)")
        .param("app", app.value())
        .query((row, n) ->
            new Labelled(
                new RegionName(row.getString("region")),
                Labels.of((String[]) row.getArray("labels").getArray())))
        .list();
  }

  /** Whether deployments of the app wait for a second person. */
  boolean needsApproval(AppName app) {
    return jdbc.sql("select needs_approval from app where name = :app")
        .param("app", app.value())
        .query(Boolean.class)
        .optional()
        .orElse(false);
  }

  /** What each region has of a build, and how many of its machines, of those with the labels. */
  List<RegionPreview> regions(AppName app, Build build, Labels labels) {
    return jdbc.sql(
            """
            select region.name, target.job as now, replica.status as copy, count(m.id) as machines,
                   count(m.id) filter (where m.seen_at <= now() - :silence * interval '1 s') as silent,
                   count(*) filter (where a.running = :build) as running,
                   count(*) filter (where a.running is distinct from :build and a.ahead = :build) as ahead,
                   count(*) filter (where a.running is distinct from :build and a.ahead is distinct from :build
                                      and :build = any (a.kept)) as kept
            from region
            left join target on target.region = region.name and target.app = :app
            left join replica on replica.region = region.name and replica.job = :build
            left join machine m on m.region = region.name and (m.hosts = '{}' or :app = any (m.hosts))
              and m.labels @> cast(:labels as text[])
            left join lateral ( -- with a limit for the reason that FleetStore gives
              select * from machine_app where region = m.region and machine = m.id and app = :app limit 1) a on true
            group by region.name, target.job, replica.status
            order by region.name
            """)
        .param("app", app.value())
        .param("build", build.id())
        .param("labels", labels.values().toArray(String[]::new))
        .param("silence", Progress.SILENCE.toSeconds())
        .query((row, n) -> {
          var copy = row.getString("copy");
          var here = row.getInt("running") + row.getInt("ahead") + row.getInt("kept");
          return new RegionPreview(
              row.getString("name"),
              row.getObject("now", Long.class),
              copy,
              "VERIFIED".equals(copy) || "PRESENT".equals(copy) ? 0 : build.sizeBytes(),
              (row.getInt("machines") - here) * build.sizeBytes(),
              row.getInt("machines"),
              row.getInt("running"),
              row.getInt("ahead"),
              row.getInt("kept"),
              row.getInt("silent"));
        })
        .list();
  }

  /**
   * A deployment of the app that has not ended.
   *
   * @param seq of its build
   */
  record Open(long id, long build, long seq, String status) {}

  List<Open> open(AppName app) {
    return jdbc.sql(
            """
            select deployment.id, deployment.job, job.seq, deployment.status from deployment join job on job.id = deployment.job
            where deployment.app = :app and deployment.status in ('PENDING', 'ROLLING', 'PAUSED')
            order by deployment.id desc limit 20
            """)
        .param("app", app.value())
        .query((row, n) ->
            new Open(
                row.getLong("id"), row.getLong("job"), row.getLong("seq"), row.getString("status")))
        .list();
  }

  /** How long a deployment rolled that went well, without its bakes. */
  List<Duration> rolledFor(AppName app, int newest) {
    return jdbc.sql(
            """
            select extract(epoch from finished_at - started_at) as seconds, plan from deployment
            where app = :app and status = 'SUCCEEDED' and started_at is not null order by id desc limit :newest
            """)
        .param("app", app.value())
        .param("newest", newest)
        .query((row, n) -> {
          var rolled = Duration.ofMillis((long) (row.getDouble("seconds") * 1000));
          var plan = JsonMapper.shared().readValue(row.getString("plan"), Plan.class);
          var bakes = bakesOf(plan);
          return rolled.compareTo(bakes) > 0 ? rolled.minus(bakes) : Duration.ZERO;
        })
        .list();
  }

  static Duration bakesOf(Plan plan) {
    return plan.steps().stream().map(Plan.Step::bake).reduce(Duration.ZERO, Duration::plus);
  }
}
