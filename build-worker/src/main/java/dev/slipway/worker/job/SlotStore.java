package dev.slipway.worker.job;

import dev.slipway.common.app.AppName;
import dev.slipway.common.job.Claim;
import dev.slipway.common.job.CommitSha;
import dev.slipway.common.job.Pool;
import dev.slipway.common.trace.TraceParent;
import java.sql.PreparedStatement;
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
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * The queue as a worker's slots see it: what they finished goes in and what is next comes out, in
 * one trip for all of them. No half-claimed state can exist, and no two workers wait for each
 * other's claims.
 *
 * <p>Its sessions should begin with {@link #SESSION}.
 */
public final class SlotStore {
  /**
   * The statements are simple, so that to plan them anew each time costs more than it gains; and
   * each has an index for what it looks up, also where a table is so small that the planner would
   * read all of it.
   */
  public static final String SESSION =
      "set plan_cache_mode = force_generic_plan; set enable_seqscan = off";

  private static final JsonMapper JSON = JsonMapper.shared();

  /** Where the results come from is filled in. */
  private static final String FINISH =
      """
      update job set
        status = 'SUCCEEDED', finished_at = now(), binary_name = result.binary_name, size_bytes = result.size,
        sha256 = result.sha256, crc32c = result.crc32c, manifest = result.manifest, rollout = result.rollout::jsonb
      from %s
        as result (job, attempt, binary_name, size, sha256, crc32c, manifest, rollout)
      where job.id = result.job and job.attempt = result.attempt and job.worker = ? and job.status = 'RUNNING'
        and job.cancel_requested_at is null
      returning job.id
      """;

  private static final String FINISH_MANY =
      FINISH.formatted(
          "unnest(?::bigint[], ?::int[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[])");

  /** The planner makes plain parameters of one row. */
  private static final String FINISH_ONE =
      FINISH.formatted(
          "(values (?::bigint, ?::int, ?::text, ?::bigint, ?::text, ?::text, ?::text, ?::text))");

  /**
   * Written so that no statistics, old or new, can make the planner read a whole table: of a limit
   * that it does not know it expects a tenth of all that waits.
   */
  private static final String CLAIM =
      """
      with claimed as (
        update job set
          status = 'RUNNING', worker = ?, attempt = attempt + 1, started_at = now(), last_heartbeat = now()
        where id = any (array(
          select id from job
          where pool = ? and worker is null and failure is null and (created_at, id) > (?, ?)
          order by created_at, id limit ?
          for update skip locked))
        returning id, attempt, app, commit_sha, created_at, trace_parent
      )
      select id, attempt, app, commit_sha, created_at, trace_parent, repository, branch, recipe,
             extract(epoch from now() - created_at) as waited
      from claimed cross join lateral (
        select repository, branch, recipe from app where name = claimed.app offset 0) as of_app
      """;

  /**
   * Both go to the server together and are one transaction there. The finish comes first: a claim
   * may hold a lock, on a row that it found taken, for which another's finish waits; and the claim
   * then looks at the queue as it is once the finish has waited.
   */
  private static final String BOTH_MANY = FINISH_MANY + ";\n" + CLAIM;

  private static final String BOTH_ONE = FINISH_ONE + ";\n" + CLAIM;

  private final JdbcClient jdbc;
  private final JdbcOperations rows;

  public SlotStore(DataSource database) {
    this.jdbc = JdbcClient.create(database);
    this.rows = new JdbcTemplate(database);
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
    if (finished.isEmpty() && free == 0) {
      return new Turn(Set.of(), List.of());
    }
    return rows.execute(
        sql(finished.size(), free),
        (PreparedStatementCallback<Turn>)
            statement -> {
              var n = 1;
              if (!finished.isEmpty()) {
                n = bind(statement, finished, worker);
              }
              if (free > 0) {
                statement.setString(n++, worker);
                statement.setString(n++, pool.text());
                statement.setObject(n++, after.createdAt());
                statement.setLong(n++, after.job());
                statement.setInt(n, free);
              }
              statement.execute();
              var accepted = new HashSet<Long>();
              if (!finished.isEmpty()) {
                readAccepted(statement.getResultSet(), accepted);
                statement.getMoreResults();
              }
              var claimed = new ArrayList<Claimed>();
              if (free > 0) {
                readClaimed(statement.getResultSet(), worker, claimed);
              }
              return new Turn(accepted, claimed);
            });
  }

  private static String sql(int finished, int free) {
    if (free == 0) {
      return finished == 1 ? FINISH_ONE : FINISH_MANY;
    }
    return switch (finished) {
      case 0 -> CLAIM;
      case 1 -> BOTH_ONE;
      default -> BOTH_MANY;
    };
  }

  private static int bind(PreparedStatement statement, List<Finished> finished, String worker)
      throws SQLException {
    var n =
        finished.size() == 1
            ? bindOne(statement, finished.getFirst())
            : bindMany(statement, finished);
    statement.setString(n++, worker);
    return n;
  }

  private static int bindOne(PreparedStatement statement, Finished result) throws SQLException {
    var n = 1;
    statement.setLong(n++, result.claim().job());
    statement.setInt(n++, result.claim().attempt());
    statement.setString(n++, result.published().binaryName());
    statement.setLong(n++, result.published().size());
    statement.setString(n++, result.published().sha256().value());
    statement.setString(n++, result.published().crc32c());
    statement.setString(n++, result.published().manifest());
    statement.setString(n++, JSON.writeValueAsString(result.rollout()));
    return n;
  }

  private static int bindMany(PreparedStatement statement, List<Finished> finished)
      throws SQLException {
    var n = 1;
    statement.setObject(n++, each(finished, result -> result.claim().job()).toArray(Long[]::new));
    statement.setObject(
        n++, each(finished, result -> result.claim().attempt()).toArray(Integer[]::new));
    statement.setObject(n++, texts(finished, result -> result.published().binaryName()));
    statement.setObject(
        n++, each(finished, result -> result.published().size()).toArray(Long[]::new));
    statement.setObject(n++, texts(finished, result -> result.published().sha256().value()));
    statement.setObject(n++, texts(finished, result -> result.published().crc32c()));
    statement.setObject(n++, texts(finished, result -> result.published().manifest()));
    statement.setObject(n++, texts(finished, result -> JSON.writeValueAsString(result.rollout())));
    return n;
  }

  private static void readAccepted(ResultSet rows, Set<Long> accepted) throws SQLException {
    try (rows) {
      while (rows.next()) {
        accepted.add(rows.getLong("id"));
      }
    }
  }

  private static void readClaimed(ResultSet rows, String worker, List<Claimed> claimed)
      throws SQLException {
    try (rows) {
      while (rows.next()) {
        claimed.add(claimed(rows, worker));
      }
    }
    claimed.sort(Claimed.FIRST_COME);
  }

  private static Claimed claimed(ResultSet row, String worker) throws SQLException {
    var waited = Duration.ofNanos((long) (row.getDouble("waited") * 1e9));
    var job =
        new ClaimedJob(
            new Claim(row.getLong("id"), row.getInt("attempt"), worker),
            new AppName(row.getString("app")),
            new CommitSha(row.getString("commit_sha")),
            row.getString("repository"),
            row.getString("branch"),
            row.getString("recipe"),
            TraceParent.parse(row.getString("trace_parent"))
                .map(push -> new Journey(push, waited))
                .orElse(null));
    return new Claimed(
        job,
        new Mark(row.getObject("created_at", OffsetDateTime.class), row.getLong("id")),
        waited);
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
