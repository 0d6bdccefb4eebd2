package dev.slipway.queue.push;

import dev.slipway.common.app.AppName;
import dev.slipway.queue.push.BranchOrder.Link;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Puts jobs into the places that their commits have in the branch. All of it under the lock of the
 * app's row.
 */
final class BranchOrderStore {
  /**
   * How many builds back a late push is still put into its place: bounds the rows that one push can
   * read and move.
   */
  private static final int REACH = 1_000;

  private final JdbcClient jdbc;

  BranchOrderStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Puts a new job where it belongs. */
  void placeNew(Candidate push, long job) {
    await(push);
    precede(push, job);
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
        .param("before", PushStore.before(push))
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

  /** A job that was found without its predecessor learns it, and goes behind it. */
  void complete(Candidate push, long job) {
    var learned =
        jdbc.sql(
                """
                update job
                set before_sha = :before, merged_at = coalesce(merged_at, least(:mergedAt::timestamptz, now()))
                where id = :job and before_sha is null and :before::text is not null
                """)
            .param("job", job)
            .param("before", PushStore.before(push))
            .param("mergedAt", PushStore.mergedAt(push))
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
        .param("before", PushStore.before(push))
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

  long seqOf(long job) {
    return jdbc.sql("select seq from job where id = :job")
        .param("job", job)
        .query(Long.class)
        .single();
  }
}
