package dev.slipway.queue.push;

import dev.slipway.common.app.AppName;
import dev.slipway.common.problem.Problem;
import dev.slipway.queue.push.BranchOrder.Link;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
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
   * How many builds back a late push is still put into its place: bounds the rows that one push can
   * read and move.
   */
  private static final int REACH = 1_000;

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

  public PushStore(DataSource database, TransactionOperations transaction) {
    this.jdbc = JdbcClient.create(database);
    this.rows = new JdbcTemplate(database);
    this.transaction = transaction;
  }

  /**
   * The commit's job, made if there is none. All or nothing; doing it twice is doing it once. The
   * commit alone decides whether it is there already: a delivery's id is not signed, so a forged or
   * shared one must not swallow a push.
   *
   * @throws Problem 404 if there is no such app
   */
  public Enqueued enqueue(Candidate push) {
    return append(push).orElseGet(() -> place(push));
  }

  /** Most pushes simply go on from the last: one trip to the server. */
  private Optional<Enqueued> append(Candidate push) {
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
                  statement.setString(n++, TraceParent.start());
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
  private Enqueued place(Candidate push) {
    return transaction.execute(status -> {
      // one push of an app at a time, without holding up who only refers to the app
      var latestOnly =
          jdbc.sql("select builds = 'latest' from app where name = :app for no key update")
              .param("app", push.app().value())
              .query(Boolean.class)
              .optional()
              .orElseThrow(() -> Problem.notFound("app " + push.app()));
      var known = jobOf(push);
      var job = known.orElseGet(() -> insert(push));
      if (known.isPresent()) {
        complete(push, job);
      } else {
        await(push);
        precede(push, job);
      }
      record(push, job);
      if (latestOnly && known.isEmpty()) {
        supersede(push.app());
      }
      return new Enqueued(job, seqOf(job), known.isPresent());
    });
  }

  private Optional<Long> jobOf(Candidate push) {
    return jdbc.sql("select id from job where app = :app and commit_sha = :commit")
        .param("app", push.app().value())
        .param("commit", push.commit().value())
        .query(Long.class)
        .optional();
  }

  private long insert(Candidate push) {
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
        .param("trace", TraceParent.start())
        .query(Long.class)
        .single();
  }

  private void await(Candidate push) {
    jdbc.sql(
            """
            insert into awaited_commit (app, commit_sha)
            select :app, :before::text
            where :before::text is not null
              and not exists (select from job where app = :app and commit_sha = :before)
            on conflict do nothing
            """)
        .param("app", push.app().value())
        .param("before", before(push))
        .update();
  }

  /** A new job whose successor came first goes ahead of it. */
  private void precede(Candidate push, long job) {
    var awaited =
        jdbc.sql("delete from awaited_commit where app = :app and commit_sha = :commit")
            .param("app", push.app().value())
            .param("commit", push.commit().value())
            .update();
    if (awaited == 0) {
      return;
    }
    jdbc.sql(
            """
            select min(seq) from job
            where app = :app and before_sha = :commit and id <> :job
              and seq > (select max(seq) from job where app = :app) - :reach
            """)
        .param("app", push.app().value())
        .param("commit", push.commit().value())
        .param("reach", REACH)
        .param("job", job)
        .query((row, n) -> Optional.ofNullable(row.getObject(1, Long.class)))
        .single()
        .ifPresent(successor -> lift(push.app(), successor, job));
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

  /** A job that was found without its predecessor learns it, and goes behind it. */
  private void complete(Candidate push, long job) {
    var learned =
        jdbc.sql(
                """
                update job
                set before_sha = :before, merged_at = coalesce(merged_at, least(:mergedAt::timestamptz, now()))
                where id = :job and before_sha is null and :before::text is not null
                """)
            .param("job", job)
            .param("before", before(push))
            .param("mergedAt", mergedAt(push))
            .update();
    if (learned == 0) {
      return;
    }
    await(push);
    var seq = seqOf(job);
    jdbc.sql(
            """
            select id from job
            where app = :app and commit_sha = :before and seq > :seq and seq < :seq + :reach
            """)
        .param("app", push.app().value())
        .param("before", before(push))
        .param("seq", seq)
        .param("reach", REACH)
        .query(Long.class)
        .optional()
        .ifPresent(predecessor -> lift(push.app(), seq, predecessor));
  }

  private void lift(AppName app, long from, long late) {
    var seqs = new ArrayList<Long>();
    var tail =
        jdbc.sql(
                """
                select id, commit_sha, before_sha, status <> 'SUCCEEDED' as movable, seq from job
                where app = :app and seq between :from and (select seq from job where id = :late) order by seq
                """)
            .param("app", app.value())
            .param("from", from)
            .param("late", late)
            .query((row, n) -> {
              seqs.add(row.getLong("seq"));
              return new Link(
                  row.getLong("id"),
                  row.getString("commit_sha"),
                  row.getString("before_sha"),
                  row.getBoolean("movable"));
            })
            .list();
    renumber(BranchOrder.lift(tail), seqs);
  }

  private void renumber(List<Link> order, List<Long> seqs) {
    // two jobs share a seq between the rows of the update
    jdbc.sql("set constraints job_app_seq deferred").update();
    jdbc.sql(
            """
            update job set seq = place.seq
            from unnest(:jobs::bigint[], :seqs::bigint[]) as place (job, seq)
            where job.id = place.job and job.seq <> place.seq
            """)
        .param("jobs", order.stream().map(Link::job).toArray(Long[]::new))
        .param("seqs", seqs.toArray(Long[]::new))
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

  private long seqOf(long job) {
    return jdbc.sql("select seq from job where id = :job")
        .param("job", job)
        .query(Long.class)
        .single();
  }

  // the committer's clock may run ahead of ours: the statements bound it
  private static @Nullable OffsetDateTime mergedAt(Candidate push) {
    var mergedAt = push.mergedAt();
    return mergedAt == null ? null : mergedAt.atOffset(ZoneOffset.UTC);
  }

  private static @Nullable String before(Candidate push) {
    var before = push.before();
    return before == null ? null : before.value();
  }
}
