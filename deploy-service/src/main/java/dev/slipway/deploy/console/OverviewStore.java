package dev.slipway.deploy.console;

import dev.slipway.common.job.CommitSha;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the first page shows of all apps, in a few statements however many apps there are. */
final class OverviewStore {
  private final JdbcClient jdbc;

  OverviewStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** An app and its newest build, if it has one. */
  public record AppLine(
      String name,
      String branch,
      @Nullable String pinnedBy,
      @Nullable Long build,
      @Nullable String commit,
      @Nullable String state) {}

  /** How many of a region's machines run a build of an app. */
  public record Version(String app, String region, long build, String commit, int machines) {}

  /** What is going on right now. */
  public record Counts(int queued, int running, int rolling, int machines, int silent) {}

  List<AppLine> apps() {
    return jdbc.sql(
            """
            select app.name, app.branch, app.pinned_by, job.id, job.commit_sha, job.status, job.replicated_at
            from app left join lateral (
              select * from job where job.app = app.name order by seq desc limit 1) job on true
            order by app.name
            """)
        .query((row, n) -> {
          var commit = row.getString("commit_sha");
          return new AppLine(
              row.getString("name"),
              row.getString("branch"),
              row.getString("pinned_by"),
              row.getObject("id", Long.class),
              commit == null ? null : new CommitSha(commit).abbreviated(),
              commit == null
                  ? null
                  : Words.state(row.getString("status"), row.getObject("replicated_at") != null));
        })
        .list();
  }

  /** What runs where, of machines that were heard of lately. */
  List<Version> versions() {
    return jdbc.sql(
            """
            select a.app, a.region, a.running, job.commit_sha, count(*) as machines
            from machine_app a
            join machine on machine.region = a.region and machine.id = a.machine
            join job on job.id = a.running
            where machine.seen_at > now() - interval '1 minute'
            group by a.app, a.region, a.running, job.commit_sha
            order by a.app, a.region, a.running desc
            """)
        .query((row, n) ->
            new Version(
                row.getString("app"),
                row.getString("region"),
                row.getLong("running"),
                new CommitSha(row.getString("commit_sha")).abbreviated(),
                row.getInt("machines")))
        .list();
  }

  /** Deployments that have not ended. */
  List<Long> openDeployments() {
    return jdbc.sql(
            "select id from deployment where status in ('PENDING', 'ROLLING', 'PAUSED') order by id desc limit 100")
        .query((row, n) -> row.getLong("id"))
        .list();
  }

  Counts counts() {
    return jdbc.sql(
            """
            select (select count(*) from job where worker is null and failure is null) as queued,
                   (select count(*) from job
                     where worker is not null and failure is null and replicated_at is null and status = 'RUNNING') as running,
                   (select count(*) from deployment where status in ('ROLLING', 'PAUSED')) as rolling,
                   (select count(*) from machine) as machines,
                   (select count(*) from machine where seen_at <= now() - interval '1 minute') as silent
            """)
        .query((row, n) ->
            new Counts(
                row.getInt("queued"),
                row.getInt("running"),
                row.getInt("rolling"),
                row.getInt("machines"),
                row.getInt("silent")))
        .single();
  }
}
