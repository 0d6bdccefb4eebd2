package dev.slipway.deploy.console;

import dev.slipway.common.job.CommitSha;
import dev.slipway.deploy.Progress;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the first page shows of all apps, in a few statements however many apps there are. */
final class OverviewStore {
  private final JdbcClient jdbc;

  OverviewStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** An app. */
  public record AppLine(
      String name, String branch, @Nullable String pinnedBy, @Nullable Newest newest) {}

  /**
   * An app's newest build.
   *
   * @param failure how the reason begins
   */
  public record Newest(
      long build, String commit, String state, Instant createdAt, @Nullable String failure) {}

  /** How many of a region's machines run a build of an app. */
  public record Version(String app, String region, long build, String commit, int machines) {}

  /**
   * An app's latest deployment, and the machines of all its waves, those that are yet to come as
   * well.
   *
   * @param waves how many there are
   */
  public record Latest(
      long id,
      String app,
      long build,
      String status,
      int wave,
      int waves,
      @Nullable String reason,
      Progress progress) {
    public boolean isOpen() {
      return status.equals("PENDING") || status.equals("ROLLING") || status.equals("PAUSED");
    }
  }

  /** Machines on which an app is not well. */
  public record Ill(String app, int failed, int silent) {}

  /** What is going on right now. */
  public record Counts(int queued, int running, int rolling, int machines, int silent) {}

  List<AppLine> apps() {
    return jdbc.sql(
            """
            select app.name, app.branch, app.pinned_by, job.id, job.commit_sha, job.status, job.replicated_at, job.created_at,
                   left(job.failure, 300) as failure
            from app left join lateral (
              select * from job where job.app = app.name order by seq desc limit 1) job on true
            order by app.name
            """)
        .query((row, n) ->
            new AppLine(
                row.getString("name"),
                row.getString("branch"),
                row.getString("pinned_by"),
                row.getObject("id") == null ? null : newest(row)))
        .list();
  }

  private static Newest newest(ResultSet row) throws SQLException {
    return new Newest(
        row.getLong("id"),
        new CommitSha(row.getString("commit_sha")).abbreviated(),
        Words.state(row.getString("status"), row.getObject("replicated_at") != null),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getString("failure"));
  }

  /** What runs where, of machines that were heard of lately. */
  List<Version> versions() {
    return jdbc.sql(
            """
            select a.app, a.region, a.running, job.commit_sha, count(*) as machines
            from machine_app a
            join machine on machine.region = a.region and machine.id = a.machine
            join job on job.id = a.running
            where machine.seen_at > now() - :silence * interval '1 s'
            group by a.app, a.region, a.running, job.commit_sha
            order by a.app, a.region, a.running desc
            """)
        .param("silence", Progress.SILENCE.toSeconds())
        .query((row, n) ->
            new Version(
                row.getString("app"),
                row.getString("region"),
                row.getLong("running"),
                new CommitSha(row.getString("commit_sha")).abbreviated(),
                row.getInt("machines")))
        .list();
  }

  /** The latest deployment of each app that has one; machines are counted for open ones alone. */
  List<Latest> latestDeployments() {
    return jdbc.sql(
            """
            with latest as (
              select d.* from app cross join lateral (
                select * from deployment where deployment.app = app.name order by id desc limit 1) d
            ), reach as (
              select distinct latest.id, latest.app, latest.job, region
              from latest, jsonb_array_elements(plan -> 'steps') step, jsonb_array_elements_text(step -> 'regions') region
              where status in ('PENDING', 'ROLLING', 'PAUSED')
            ), fleet as (
              select reach.id, m.seen_at > now() - :silence * interval '1 s' as heard,
                     a.state = 'RUNNING' and a.running = reach.job as running, a.state = 'FAILED' and a.build = reach.job as failed
              from reach
              join machine m on m.region = reach.region and (m.hosts = '{}' or reach.app = any (m.hosts))
              left join lateral ( -- with a limit for the reason that FleetStore gives
                select * from machine_app where region = m.region and machine = m.id and app = reach.app limit 1) a on true
            ), counts as (
              select id, count(*) as machines, count(*) filter (where heard and running) as running,
                     count(*) filter (where heard and failed) as failed, count(*) filter (where not heard) as silent
              from fleet group by id
            )
            select latest.id, app, job, status, wave, jsonb_array_length(plan -> 'steps') as waves, left(reason, 300) as reason,
                   coalesce(machines, 0) as machines, coalesce(running, 0) as running, coalesce(failed, 0) as failed,
                   coalesce(silent, 0) as silent
            from latest left join counts on counts.id = latest.id
            """)
        .param("silence", Progress.SILENCE.toSeconds())
        .query((row, n) ->
            new Latest(
                row.getLong("id"),
                row.getString("app"),
                row.getLong("job"),
                row.getString("status"),
                row.getInt("wave"),
                row.getInt("waves"),
                row.getString("reason"),
                progress(row)))
        .list();
  }

  private static Progress progress(ResultSet row) throws SQLException {
    var running = row.getInt("running");
    var failed = row.getInt("failed");
    var silent = row.getInt("silent");
    return new Progress(
        running, failed, silent, row.getInt("machines") - running - failed - silent);
  }

  /** Apps that are not well on all their machines. */
  List<Ill> ill() {
    return jdbc.sql(
            """
            select a.app, count(*) filter (where heard and a.state = 'FAILED') as failed, count(*) filter (where not heard) as silent
            from machine_app a
            join (select *, seen_at > now() - :silence * interval '1 s' as heard from machine) m
              on m.region = a.region and m.id = a.machine
            where a.state = 'FAILED' or not heard
            group by a.app
            """)
        .param("silence", Progress.SILENCE.toSeconds())
        .query(
            (row, n) -> new Ill(row.getString("app"), row.getInt("failed"), row.getInt("silent")))
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
                   (select count(*) from machine where seen_at <= now() - :silence * interval '1 s') as silent
            """)
        .param("silence", Progress.SILENCE.toSeconds())
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
