package dev.slipway.deploy.timeline;

import dev.slipway.common.trace.TraceParent;
import dev.slipway.deploy.timeline.Timeline.Course;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Finds out where the seconds of builds went. */
public final class TimelineStore {
  /** Where a stage ends and the next begins. */
  private static final List<String> BOUNDS =
      List.of(
          "created_at",
          "first_started_at",
          "finished_at",
          "present_at",
          "replicated_at",
          "deploy_started_at",
          "deploy_finished_at");

  /**
   * Of a build that was deployed more than once, the first deployment that succeeded counts, else
   * the last one.
   */
  private static final String TIMELINE =
      """
      select job.id, job.app, job.commit_sha, job.created_at, job.replicated_at, now() as now,
             coalesce((select min(past.started_at) from past_attempt past where past.job = job.id), job.started_at) as first_started_at,
             job.finished_at,
             case when job.replicated_at is not null then least(copies.present_at, job.replicated_at)
                  when copies.missing = 0 then copies.present_at end as present_at,
             d.started_at as deploy_started_at,
             d.finished_at as deploy_finished_at,
             job.status in ('FAILED', 'CANCELLED') or job.retired_at is not null and d.id is null
               or coalesce(d.status in ('FAILED', 'ABORTED', 'SUPERSEDED'), false) as stopped,
             coalesce(d.cause, case when (job.rollout ->> 'auto')::boolean and app.pinned_at is null then 'AUTO' end,
                      'PERSON') <> 'AUTO' as by_hand
      from job
      join app on app.name = job.app
      left join lateral (
        select max(replica.present_at) as present_at,
               count(*) filter (where replica.status is null or replica.status not in ('PRESENT', 'VERIFIED')) as missing
        from region left join replica on replica.region = region.name and replica.job = job.id
        where region.wanted and job.status = 'SUCCEEDED') copies on true
      left join lateral (
        select * from deployment
        where deployment.job = job.id and deployment.cause <> 'ROLLBACK'
          and (started_at is not null or finished_at is not null)
        order by status = 'SUCCEEDED' desc, case when status = 'SUCCEEDED' then id else -id end
        limit 1) d on true
      """;

  private final JdbcClient jdbc;

  public TimelineStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** A build's way. */
  public Optional<Timeline> of(long build) {
    return jdbc.sql(TIMELINE + "where job.id = :build")
        .param("build", build)
        .query(TimelineStore::read)
        .optional();
  }

  /**
   * The ways of builds that have something before them, oldest first, at most 1,000: what waits, is
   * built, copied or deployed, or waits for auto-deploy. What came a day ago counts no more, unless
   * it is being deployed.
   */
  List<Timeline> underWay() {
    return jdbc.sql(
            TIMELINE
                + """
                where job.id in (
                    select id from job where worker is null and failure is null
                    union all
                    select id from job where worker is not null and failure is null and replicated_at is null
                    union all
                    select job from deployment where status in ('PENDING', 'ROLLING', 'PAUSED') and cause <> 'ROLLBACK'
                    union all
                    select id from job where replicated_at > now() - interval '1 day' and (rollout ->> 'auto')::boolean
                      and not exists (select from deployment where deployment.job = job.id))
                  and (job.created_at > now() - interval '1 day' or d.id is not null and d.finished_at is null)
                order by job.id limit 1000
                """)
        .query(TimelineStore::read)
        .list();
  }

  /** The span of a build's push; none of builds that have no trace. */
  @Nullable TraceParent pushOf(long build) {
    return jdbc.sql("select coalesce(trace_parent, '') from job where id = :build")
        .param("build", build)
        .query(String.class)
        .optional()
        .flatMap(TraceParent::parse)
        .orElse(null);
  }

  private static Timeline read(ResultSet row, int n) throws SQLException {
    var now = row.getObject("now", OffsetDateTime.class).toInstant();
    var stopped = row.getBoolean("stopped");
    var stages = new ArrayList<Stage>();
    var names = Stage.Name.values();
    for (var i = 0; i < names.length; i++) {
      var until = time(row, BOUNDS.get(i + 1));
      // what has stopped does not enter the next stage
      var from = stopped && until == null ? null : time(row, BOUNDS.get(i));
      stages.add(Stage.of(names[i], from, until, now));
    }
    return Timeline.of(
        row.getLong("id"),
        row.getString("app"),
        row.getString("commit_sha"),
        stages,
        new Course(stopped, row.getBoolean("by_hand")));
  }

  private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
    var time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
