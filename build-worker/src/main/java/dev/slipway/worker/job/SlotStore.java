package dev.slipway.worker.job;

import dev.slipway.common.app.AppName;
import dev.slipway.common.job.Claim;
import dev.slipway.common.job.CommitSha;
import dev.slipway.common.job.Pool;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * The queue as a worker's slots see it: what they finished goes in and what is next comes out, in
 * one statement for all of them. No half-claimed state can exist, and no two workers wait for each
 * other.
 */
public final class SlotStore {
  private static final JsonMapper JSON = JsonMapper.shared();

  /** The claims wait for the results: a claim may hold a lock for which another's result waits. */
  private static final String EXCHANGE =
      """
      with written as (
        update job set
          status = 'SUCCEEDED', finished_at = now(), binary_name = result.binary_name, size_bytes = result.size,
          sha256 = result.sha256, crc32c = result.crc32c, manifest = result.manifest, rollout = result.rollout::jsonb
        from unnest(?::bigint[], ?::int[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[])
          as result (job, attempt, binary_name, size, sha256, crc32c, manifest, rollout)
        where job.id = result.job and job.attempt = result.attempt and job.worker = ? and job.status = 'RUNNING'
          and job.cancel_requested_at is null
        returning job.id
      ), next as (
        select id from job
        where pool = ? and worker is null and failure is null and (created_at, id) > (?, ?)
          and (select count(*) from written) >= 0
        order by created_at, id limit ?
        for update skip locked
      ), claimed as (
        update job set
          status = 'RUNNING', worker = ?, attempt = job.attempt + 1, started_at = now(), last_heartbeat = now()
        from next where job.id = next.id
        returning job.id, job.attempt, job.app, job.commit_sha, job.created_at
      )
      select id, null::int as attempt, null as app, null as commit_sha, null::timestamptz as created_at,
             null::double precision as waited, null as repository, null as branch, null as recipe
      from written
      union all
      select id, attempt, app, commit_sha, claimed.created_at, extract(epoch from now() - claimed.created_at),
             repository, branch, recipe
      from claimed join app on app.name = claimed.app
      """;

  private final JdbcClient jdbc;

  public SlotStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * What one exchange came to.
   *
   * @param accepted the jobs whose result counts
   * @param claimed jobs that are the worker's from now on, first come first
   */
  public record Turn(Set<Long> accepted, List<Claimed> claimed) {}

  /**
   * A job that was claimed.
   *
   * @param place where it waited in its line
   * @param waited from its push to its claim
   */
  public record Claimed(ClaimedJob job, Mark place, Duration waited) {
    private static final Comparator<Claimed> FIRST_COME =
        Comparator.comparing((Claimed claimed) -> claimed.place.createdAt())
            .thenComparingLong(claimed -> claimed.place.job());
  }

  /**
   * Writes results back and claims what has waited longest. A result does nothing where its claim
   * no longer holds or somebody asked to cancel the build.
   *
   * @param after where to look from: jobs up to it are not seen
   * @param free how many to claim at most; 0 for none
   */
  public Turn exchange(String worker, Pool pool, Mark after, List<Finished> finished, int free) {
    var accepted = new HashSet<Long>();
    var claimed = new ArrayList<Claimed>();
    jdbc.sql(EXCHANGE)
        .param(each(finished, result -> result.claim().job()).toArray(Long[]::new))
        .param(each(finished, result -> result.claim().attempt()).toArray(Integer[]::new))
        .param(texts(finished, result -> result.published().binaryName()))
        .param(each(finished, result -> result.published().size()).toArray(Long[]::new))
        .param(texts(finished, result -> result.published().sha256().value()))
        .param(texts(finished, result -> result.published().crc32c()))
        .param(texts(finished, result -> result.published().manifest()))
        .param(texts(finished, result -> JSON.writeValueAsString(result.rollout())))
        .param(worker)
        .param(pool.text())
        .param(after.createdAt())
        .param(after.job())
        .param(free)
        .param(worker)
        .query(row -> {
          if (row.getString("app") == null) {
            accepted.add(row.getLong("id"));
          } else {
            claimed.add(claimed(row, worker));
          }
        });
    claimed.sort(Claimed.FIRST_COME);
    return new Turn(accepted, claimed);
  }

  private static Claimed claimed(ResultSet row, String worker) throws SQLException {
    var job =
        new ClaimedJob(
            new Claim(row.getLong("id"), row.getInt("attempt"), worker),
            new AppName(row.getString("app")),
            new CommitSha(row.getString("commit_sha")),
            row.getString("repository"),
            row.getString("branch"),
            row.getString("recipe"));
    return new Claimed(
        job,
        new Mark(row.getObject("created_at", OffsetDateTime.class), row.getLong("id")),
        Duration.ofNanos((long) (row.getDouble("waited") * 1e9)));
  }

  private static <T> List<T> each(List<Finished> finished, Function<Finished, T> field) {
    return finished.stream().map(field).toList();
  }

  private static String[] texts(List<Finished> finished, Function<Finished, String> field) {
    return each(finished, field).toArray(String[]::new);
  }

  /** Those of the pools in which a job waits, the one with the oldest job first. */
  List<Pool> waiting(List<Pool> pools) {
    return jdbc.sql(
            """
            select pool from unnest(?::text[]) as pool cross join lateral (
              select created_at, id from job
              where job.pool = pool.pool and worker is null and failure is null
              order by created_at, id limit 1) as head
            order by head.created_at, head.id
            """)
        .param(pools.stream().map(Pool::text).toArray(String[]::new))
        .query((row, n) -> Pool.of(row.getString("pool")))
        .list();
  }

  /** Those jobs of which this worker's result is accepted already: the answer was lost. */
  Set<Long> acceptedBefore(String worker, Collection<Claim> claims) {
    return new HashSet<>(
        jdbc.sql(
                """
                select id from job join unnest(?::bigint[], ?::int[]) as claim (job, attempt)
                  on job.id = claim.job and job.attempt = claim.attempt
                where worker = ? and status = 'SUCCEEDED'
                """)
            .param(claims.stream().map(Claim::job).toArray(Long[]::new))
            .param(claims.stream().map(Claim::attempt).toArray(Integer[]::new))
            .param(worker)
            .query(Long.class)
            .list());
  }

  /**
   * Gives back what is this worker's by the table and not by its own knowledge: the answer to a
   * claim was lost. Not held against the jobs.
   *
   * @param holds all that the worker knows of
   */
  int releaseStrays(String worker, Collection<Long> holds) {
    return jdbc.sql(
            """
            with stray as (
              select id, attempt, worker, started_at from job
              where worker = ? and status = 'RUNNING' and cancel_requested_at is null
                and failure is null and replicated_at is null
                and not id = any (?::bigint[])
              for update
            ), past as (
              insert into past_attempt (job, attempt, worker, started_at, outcome, reason)
              select id, attempt, worker, started_at, 'RELEASED', 'the answer to its claim was lost' from stray
            )
            update job set
              status = 'QUEUED', worker = null, started_at = null, last_heartbeat = null,
              max_attempts = least(max_attempts + 1, 100)
            from stray where job.id = stray.id
            """)
        .param(worker)
        .param(holds.toArray(Long[]::new))
        .update();
  }
}
