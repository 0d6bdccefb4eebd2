package dev.slipway.deploy.console.region;

import dev.slipway.deploy.Progress;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads how regions are. */
final class RegionPageStore {
  private final JdbcClient jdbc;

  RegionPageStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * A region.
   *
   * @param reason why it is excluded
   * @param lacking builds whose copy is not verified there, {@code corrupt} those found wrong
   * @param reportedAt when a machine of it was last heard of
   */
  public record Line(
      String name,
      String bucket,
      boolean wanted,
      @Nullable String reason,
      int lacking,
      int corrupt,
      @Nullable Instant reportedAt) {}

  /** How many of a region's machines are in a state; one with several apps is in its worst. */
  public record Machines(String region, String state, int count) {}

  /** A regional agent, heard of within a day. */
  public record Agent(String region, String name, Instant seenAt, boolean silent) {}

  /** By name. Builds are counted that have a row of the region, or are on their way to all. */
  List<Line> regions() {
    return jdbc.sql(
            """
            select region.name, region.bucket, region.wanted, region.reason, copies.corrupt,
                   copies.lacking + (
                     select count(*) from job
                     where worker is not null and failure is null and replicated_at is null and status = 'SUCCEEDED'
                       and not exists (select from replica where replica.job = job.id and replica.region = region.name)
                   ) as lacking,
                   (select max(seen_at) from machine where machine.region = region.name) as reported_at
            from region left join lateral (
              select count(*) as lacking, count(*) filter (where replica.status = 'CORRUPT') as corrupt
              from replica join job on job.id = replica.job and job.retired_at is null
              where replica.region = region.name and replica.status <> 'VERIFIED') copies on true
            order by region.name
            """)
        .query((row, n) ->
            new Line(
                row.getString("name"),
                row.getString("bucket"),
                row.getBoolean("wanted"),
                row.getString("reason"),
                row.getInt("lacking"),
                row.getInt("corrupt"),
                time(row, "reported_at")))
        .list();
  }

  /** By region and state. */
  List<Machines> machines() {
    return jdbc.sql(
            """
            select machine.region,
                   case when machine.seen_at <= now() - make_interval(secs => :silence) then 'UNKNOWN'
                        else coalesce(worst.state, 'IDLE') end as state,
                   count(*) as machines
            from machine left join (
              select region, machine,
                     case when bool_or(state = 'FAILED') then 'FAILED'
                          when bool_or(state = 'ACTIVATING') then 'ACTIVATING'
                          when bool_or(state = 'DOWNLOADING') then 'DOWNLOADING'
                          else 'RUNNING' end as state
              from machine_app group by region, machine) worst
              on worst.region = machine.region and worst.machine = machine.id
            group by 1, 2 order by 1, 2
            """)
        .param("silence", Progress.SILENCE.toSeconds())
        .query((row, n) ->
            new Machines(row.getString("region"), row.getString("state"), row.getInt("machines")))
        .list();
  }

  /** By region and name. */
  List<Agent> agents() {
    return jdbc.sql(
            """
            select *, seen_at <= now() - make_interval(secs => :silence) as silent
            from regional_agent order by region, name
            """)
        .param("silence", Progress.SILENCE.toSeconds())
        .query((row, n) ->
            new Agent(
                row.getString("region"),
                row.getString("name"),
                row.getObject("seen_at", OffsetDateTime.class).toInstant(),
                row.getBoolean("silent")))
        .list();
  }

  private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
    var time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
