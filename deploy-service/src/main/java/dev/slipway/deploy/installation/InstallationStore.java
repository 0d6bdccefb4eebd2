package dev.slipway.deploy.installation;

import dev.slipway.deploy.installation.Installation.AppState;
import dev.slipway.deploy.installation.Installation.Queue;
import dev.slipway.deploy.installation.Installation.RegionState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads how an installation stands, in a statement a noun. */
public final class InstallationStore {
  private final JdbcClient jdbc;

  public InstallationStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  Instant now() {
    return jdbc.sql("select now()").query(OffsetDateTime.class).single().toInstant();
  }

  /** The newest migration, where it was Flyway that made the schema. */
  @Nullable String schema() {
    var kept =
        jdbc.sql("select to_regclass('flyway_schema_history') is not null")
            .query(Boolean.class)
            .single();
    return kept
        ? jdbc.sql(
                """
                select version from flyway_schema_history
                where success and version is not null order by installed_rank desc limit 1
                """)
            .query(String.class)
            .optional()
            .orElse(null)
        : null;
  }

  Queue queue() {
    return jdbc.sql(
            """
            select waiting.jobs as waiting, waiting.oldest, there.workers, there.slots, there.busy
            from (select count(*) as jobs, extract(epoch from now() - min(created_at)) as oldest
                  from job where worker is null and failure is null) waiting,
                 (select count(*) as workers,
                         coalesce(sum(slots) filter (where not draining), 0) as slots,
                         coalesce(sum(busy) filter (where not draining), 0) as busy
                  from worker where seen_at > now() - interval '1 minute') there
            """)
        .query((row, n) ->
            new Queue(
                row.getInt("waiting"),
                seconds(row, "oldest"),
                row.getInt("workers"),
                row.getInt("slots"),
                row.getInt("busy")))
        .single();
  }

  List<RegionState> regions() {
    return jdbc.sql(
            """
            select region.name, region.wanted, region.reason, agents.here, agents.silent as agents_silent,
                   machines.there, machines.silent, copies.corrupt, copies.problem, copies.unread
            from region
            left join lateral (
              select count(*) filter (where seen_at > now() - interval '1 minute') as here,
                     extract(epoch from now() - max(seen_at)) as silent
              from regional_agent where regional_agent.region = region.name) agents on true
            left join lateral (
              select count(*) as there, count(*) filter (where seen_at <= now() - interval '1 minute') as silent
              from machine where machine.region = region.name) machines on true
            left join lateral (
              select count(*) filter (where replica.status = 'CORRUPT') as corrupt, max(problem) as problem,
                     extract(epoch from now() - min(present_at) filter (where replica.status = 'PRESENT')) as unread
              from replica join job on job.id = replica.job and job.retired_at is null
              where replica.region = region.name and replica.status <> 'VERIFIED') copies on true
            order by region.name
            """)
        .query((row, n) ->
            new RegionState(
                row.getString("name"),
                row.getBoolean("wanted"),
                row.getString("reason"),
                row.getInt("here"),
                seconds(row, "agents_silent"),
                row.getInt("there"),
                row.getInt("silent"),
                row.getInt("corrupt"),
                row.getString("problem"),
                seconds(row, "unread")))
        .list();
  }

  List<AppState> apps() {
    return jdbc.sql(
            """
            select app.name, coalesce(branch_look.failures, 0) as failures,
                   (select found_by from job where job.app = app.name order by seq desc limit 1) as found_by
            from app left join branch_look on branch_look.app = app.name order by app.name limit 1000
            """)
        .query((row, n) ->
            new AppState(row.getString("name"), row.getString("found_by"), row.getInt("failures")))
        .list();
  }

  private static @Nullable Double seconds(ResultSet row, String column) throws SQLException {
    var seconds = row.getDouble(column);
    return row.wasNull() ? null : seconds;
  }
}
