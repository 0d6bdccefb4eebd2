package dev.slipway.queue.push;

import dev.slipway.common.app.AppName;
import dev.slipway.common.problem.Problem;
import dev.slipway.common.trace.TraceParent;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** Writes pushes: at most one job a commit, each in its place of the branch. */
public final class PushStore {
  /**
   * Both go to the server together and are one transaction there. The second sees all that who held
   * the lock before has committed; it finds nothing where a push takes more than a new row.
   */
  private static final String APPEND =
      """
      select name from app where name = ? for no key update;
      with place as (
        select name, pool, max_attempts, (select coalesce(max(seq), 0) + 1 from job where app = name) as seq
        from app
        where name = ? and builds = 'every'
          and not exists (select from job where app = name and commit_sha = ?)
          and not exists (select from awaited_commit where app = name and commit_sha = ?)
      ), made as (
        insert into job (app, pool, max_attempts, seq, commit_sha, before_sha, ref, found_by, merged_at, trace_parent)
        select name, pool, max_attempts, seq, ?, ?, ?, ?, least(?::timestamptz, now()), ? from place
        returning id, seq, app, before_sha
      ), awaited as (
        insert into awaited_commit (app, commit_sha)
        select app, before_sha from made
        where before_sha is not null
          and not exists (select from job where job.app = made.app and job.commit_sha = made.before_sha)
        on conflict do nothing
      ), delivered as (
        insert into delivery (forge, id, app, job)
        select forge, delivery.id, app, made.id from made, (values (?::text, ?::text)) as delivery (forge, id)
        where forge is not null
        on conflict do nothing
      )
      select id, seq from made
      """;

  private final JdbcClient jdbc;
  private final JdbcOperations rows;
  private final TransactionOperations transaction;
  private final BranchOrderStore branch;

  public PushStore(DataSource database, TransactionOperations transaction) {
    this.jdbc = JdbcClient.create(database);
    this.rows = new JdbcTemplate(database);
    this.transaction = transaction;
    this.branch = new BranchOrderStore(jdbc);
  }

  /**
   * The commit's job, made if there is none. All or nothing; doing it twice is doing it once. The
   * commit alone decides whether it is there already: a delivery's id is not signed, so a forged or
   * shared one must not swallow a push.
   *
   * @throws Problem 404 if there is no such app
   */
  public Enqueued enqueue(Candidate push) {
    return enqueue(push, TraceParent.start(false));
  }

  /**
   * The same.
   *
   * @param trace the push's own span, kept with a job that is made
   */
  Enqueued enqueue(Candidate push, TraceParent trace) {
    return append(push, trace).orElseGet(() -> place(push, trace));
  }

  /** Most pushes simply go on from the last: one trip to the server. */
  private Optional<Enqueued> append(Candidate push, TraceParent trace) {
    var delivery = push.delivery();
    return Optional.ofNullable(
        rows.execute(
            APPEND,
            (PreparedStatementCallback<@Nullable Enqueued>)
                statement -> {
                  var n = 1;
                  statement.setString(n++, push.app().value());
                  statement.setString(n++, push.app().value());
                  statement.setString(n++, push.commit().value());
                  statement.setString(n++, push.commit().value());
                  statement.setString(n++, push.commit().value());
                  statement.setString(n++, before(push));
                  statement.setString(n++, push.ref());
                  statement.setString(n++, push.foundBy().name());
                  statement.setObject(n++, mergedAt(push), Types.TIMESTAMP_WITH_TIMEZONE);
                  statement.setString(n++, trace.toString());
                  statement.setString(n++, delivery == null ? null : delivery.forge());
                  statement.setString(n, delivery == null ? null : delivery.id());
                  statement.execute();
                  statement.getMoreResults();
                  try (var made = statement.getResultSet()) {
                    return made.next()
                        ? new Enqueued(made.getLong("id"), made.getLong("seq"), false)
                        : null;
                  }
                }));
  }

  /** A push that is there already, came out of turn, or takes the place of others. */
  private Enqueued place(Candidate push, TraceParent trace) {
    return transaction.execute(status -> {
      // one push of an app at a time, without holding up who only refers to the app
      var latestOnly =
          jdbc.sql("select builds = 'latest' from app where name = :app for no key update")
              .param("app", push.app().value())
              .query(Boolean.class)
              .optional()
              .orElseThrow(() -> Problem.notFound("app " + push.app()));
      var known = jobOf(push);
      var job = known.orElseGet(() -> insert(push, trace));
      if (known.isPresent()) {
        branch.complete(push, job);
      } else {
        branch.placeNew(push, job);
      }
      record(push, job);
      if (latestOnly && known.isEmpty()) {
        supersede(push.app());
      }
      return new Enqueued(job, branch.seqOf(job), known.isPresent());
    });
  }

  private Optional<Long> jobOf(Candidate push) {
    return jdbc.sql("select id from job where app = :app and commit_sha = :commit")
        .param("app", push.app().value())
        .param("commit", push.commit().value())
        .query(Long.class)
        .optional();
  }

  private long insert(Candidate push, TraceParent trace) {
    return jdbc.sql(
            """
            insert into job (app, pool, max_attempts, seq, commit_sha, before_sha, ref, found_by, merged_at, trace_parent)
            select name, pool, max_attempts, (select coalesce(max(seq), 0) + 1 from job where app = name),
                   :commit, :before, :ref, :foundBy, least(:mergedAt::timestamptz, now()), :trace
            from app where name = :app
            returning id
            """)
        .param("app", push.app().value())
        .param("commit", push.commit().value())
        .param("before", before(push))
        .param("ref", push.ref())
        .param("foundBy", push.foundBy().name())
        .param("mergedAt", mergedAt(push))
        .param("trace", trace.toString())
        .query(Long.class)
        .single();
  }

  /** Of an app that wants its latest build only, all others that still wait make way. */
  private void supersede(AppName app) {
    jdbc.sql(
            """
            with newest as (select id, seq from job where app = :app order by seq desc limit 1)
            update job set status = 'CANCELLED', finished_at = now(), failure = 'superseded by build #' || newest.id
            from newest
            where app = :app and worker is null and failure is null and job.seq < newest.seq
            """)
        .param("app", app.value())
        .update();
  }

  private void record(Candidate push, long job) {
    var delivery = push.delivery();
    if (delivery != null) {
      jdbc.sql(
              """
              insert into delivery (forge, id, app, job) values (:forge, :id, :app, :job)
              on conflict do nothing
              """)
          .param("forge", delivery.forge())
          .param("id", delivery.id())
          .param("app", push.app().value())
          .param("job", job)
          .update();
    }
  }

  // the committer's clock may run ahead of ours: the statements bound it
  static @Nullable OffsetDateTime mergedAt(Candidate push) {
    var mergedAt = push.mergedAt();
    return mergedAt == null ? null : mergedAt.atOffset(ZoneOffset.UTC);
  }

  static @Nullable String before(Candidate push) {
    var before = push.before();
    return before == null ? null : before.value();
  }
}
