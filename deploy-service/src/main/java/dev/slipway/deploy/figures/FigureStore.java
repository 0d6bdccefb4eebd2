package dev.slipway.deploy.figures;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Counts what is there, in a statement a noun. */
public final class FigureStore {
  private final JdbcClient jdbc;

  public FigureStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Who builds.
   *
   * @param heard workers that were heard of within a minute
   * @param busy slots with a build, of those that take more
   * @param free slots without one, of those that take more
   */
  record Workers(int heard, int busy, int free) {}

  /**
   * A region and its copies of builds that wait for them. All but the silence is 0 while it is
   * excluded.
   *
   * @param silentSeconds since one of its agents asked last, or since it was registered
   * @param missing copies of published builds that the region does not claim
   * @param missingSeconds how long the oldest of these builds has been published
   * @param wrong copies that were read back and differ
   * @param unreadSeconds how long the oldest copy waits to be read back
   */
  record RegionFigures(
      String name,
      boolean wanted,
      double silentSeconds,
      int missing,
      double missingSeconds,
      int wrong,
      double unreadSeconds) {}

  /**
   * How many are in a state.
   *
   * @param app none where machines are counted by themselves
   */
  record Count(String region, String app, String state, long machines) {}

  Workers workers() {
    return jdbc.sql(
            """
            select count(*) as heard, coalesce(sum(busy) filter (where not draining), 0) as busy,
                   coalesce(sum(slots - busy) filter (where not draining), 0) as free
            from worker where seen_at > now() - interval '1 minute'
            """)
        .query((row, n) -> new Workers(row.getInt("heard"), row.getInt("busy"), row.getInt("free")))
        .single();
  }

  List<RegionFigures> regions() {
    return jdbc.sql(
            """
            select region.name, region.wanted,
                   extract(epoch from now() - coalesce(agents.seen_at, region.created_at)) as silent,
                   missing.copies as missing, missing.oldest as missing_oldest,
                   present.wrong, present.unread
            from region
            left join lateral (
              select max(seen_at) as seen_at from regional_agent where regional_agent.region = region.name) agents on true
            left join lateral (
              select count(*) as copies, extract(epoch from now() - min(job.finished_at)) as oldest
              from job left join replica on replica.job = job.id and replica.region = region.name
              where job.worker is not null and job.failure is null and job.replicated_at is null
                and job.status = 'SUCCEEDED' and job.retired_at is null
                and coalesce(replica.status, 'WANTED') = 'WANTED') missing on region.wanted
            left join lateral (
              select count(*) filter (where replica.status = 'CORRUPT') as wrong,
                     extract(epoch from now() - min(present_at) filter (where replica.status = 'PRESENT')) as unread
              from replica join job on job.id = replica.job and job.retired_at is null
              where replica.region = region.name and replica.status <> 'VERIFIED') present on region.wanted
            order by region.name
            """)
        .query((row, n) ->
            new RegionFigures(
                row.getString("name"),
                row.getBoolean("wanted"),
                row.getDouble("silent"),
                row.getInt("missing"),
                row.getDouble("missing_oldest"),
                row.getInt("wrong"),
                row.getDouble("unread")))
        .list();
  }

  /** Machines by whether they were heard of within a minute: {@code HEARD} or {@code SILENT}. */
  List<Count> machines() {
    return jdbc.sql(
            """
            select region, '' as app, case when seen_at > now() - interval '1 minute' then 'HEARD' else 'SILENT' end as state,
                   count(*) as machines
            from machine group by 1, 3
            """)
        .query(FigureStore::count)
        .list();
  }

  /** Machines by app and what they last said of it; those that are silent now are so counted. */
  List<Count> apps() {
    return jdbc.sql(
            """
            select a.region, a.app,
                   case when machine.seen_at > now() - interval '1 minute' then a.state else 'SILENT' end as state,
                   count(*) as machines
            from machine_app a join machine on machine.region = a.region and machine.id = a.machine group by 1, 2, 3
            """)
        .query(FigureStore::count)
        .list();
  }

  private static Count count(ResultSet row, int n) throws SQLException {
    return new Count(
        row.getString("region"),
        row.getString("app"),
        row.getString("state"),
        row.getLong("machines"));
  }

  /**
   * When tokens end.
   *
   * @param role that they have
   * @param seconds until the first of them ends; below zero when it has ended
   */
  record TokenEnd(String role, double seconds) {}

  /**
   * Of tokens that somebody has used within 30 days and that end at all, the first to end of each
   * role. One that nobody uses may end; one that was rotated ends with its new term. One that ended
   * while it was in use counts for a week more: somebody has been refused since.
   */
  List<TokenEnd> tokenEnds() {
    return jdbc.sql(
            """
            select role, extract(epoch from min(expires_at) - now()) as seconds
            from api_token
            where revoked_at is null
                  and (expires_at > now() and last_used_at > now() - interval '30 days'
                       or expires_at > now() - interval '7 days' and last_used_at > expires_at - interval '1 day')
            group by role
            """)
        .query((row, n) -> new TokenEnd(row.getString("role"), row.getDouble("seconds")))
        .list();
  }

  List<String> appNames() {
    return jdbc.sql("select name from app order by name")
        .query((row, n) -> row.getString("name"))
        .list();
  }

  /**
   * For how long the oldest transaction of this database has been open, but for the server's own;
   * it keeps every row that changed since from being cleaned up.
   */
  double oldestTransactionSeconds() {
    return jdbc.sql(
            """
            select coalesce(extract(epoch from max(clock_timestamp() - xact_start)), 0)
            from pg_stat_activity
            where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()
            """)
        .query(Double.class)
        .single();
  }
}
