package dev.slipway.queue.push;

import dev.slipway.common.app.AppName;
import dev.slipway.common.problem.Problem;
import dev.slipway.queue.push.BranchOrder.Link;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** Writes pushes: at most one job a commit, each in its place of the branch. */
public final class PushStore {
  /**
   * How many builds back a late push is still put into its place: bounds the rows that one push can
   * read and move.
   */
  private static final int REACH = 1_000;

  private final JdbcClient jdbc;
  private final TransactionOperations transaction;

  public PushStore(JdbcClient jdbc, TransactionOperations transaction) {
    this.jdbc = jdbc;
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
    return transaction.execute(status -> {
      // one push of an app at a time, without holding up who only refers to the app
      var next =
          jdbc.sql("select next_seq from app where name = :app for no key update")
              .param("app", push.app().value())
              .query(Long.class)
              .optional()
              .orElseThrow(() -> Problem.notFound("app " + push.app()));
      var known = jobOf(push);
      var job = known.orElseGet(() -> insert(push, next));
      if (known.isPresent()) {
        complete(push, job);
      } else {
        precede(push, job, next);
      }
      record(push, job);
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

  private long insert(Candidate push, long seq) {
    var mergedAt = push.mergedAt();
    jdbc.sql("update app set next_seq = :next where name = :app")
        .param("next", seq + 1)
        .param("app", push.app().value())
        .update();
    return jdbc.sql(
            """
            insert into job (app, seq, commit_sha, before_sha, ref, found_by, merged_at, trace_parent)
            values (:app, :seq, :commit, :before, :ref, :foundBy, least(:mergedAt::timestamptz, now()), :trace)
            returning id
            """)
        .param("app", push.app().value())
        .param("seq", seq)
        .param("commit", push.commit().value())
        .param("before", before(push))
        .param("ref", push.ref())
        .param("foundBy", push.foundBy().name())
        // the committer's clock may run ahead of ours
        .param("mergedAt", mergedAt == null ? null : mergedAt.atOffset(ZoneOffset.UTC))
        .param("trace", TraceParent.start())
        .query(Long.class)
        .single();
  }

  /** A new job whose successor came first goes ahead of it. */
  private void precede(Candidate push, long job, long end) {
    jdbc.sql(
            """
            select min(seq) from job
            where app = :app and before_sha = :commit and seq >= :reach and id <> :job
            """)
        .param("app", push.app().value())
        .param("commit", push.commit().value())
        .param("reach", end - REACH)
        .param("job", job)
        .query((row, n) -> Optional.ofNullable(row.getObject(1, Long.class)))
        .single()
        .ifPresent(successor -> lift(push.app(), successor, job));
  }

  /** A job that was found without its predecessor learns it, and goes behind it. */
  private void complete(Candidate push, long job) {
    var mergedAt = push.mergedAt();
    var learned =
        jdbc.sql(
                """
                update job
                set before_sha = :before, merged_at = coalesce(merged_at, least(:mergedAt::timestamptz, now()))
                where id = :job and before_sha is null and :before::text is not null
                """)
            .param("job", job)
            .param("before", before(push))
            .param("mergedAt", mergedAt == null ? null : mergedAt.atOffset(ZoneOffset.UTC))
            .update();
    if (learned == 0) {
      return;
    }
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

  private static @Nullable String before(Candidate push) {
    var before = push.before();
    return before == null ? null : before.value();
  }
}
