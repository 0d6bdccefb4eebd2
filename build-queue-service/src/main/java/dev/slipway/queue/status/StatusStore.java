package dev.slipway.queue.status;

import dev.slipway.common.job.JobStatus;
import dev.slipway.common.trace.TraceParent;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What each forge was told, and what it is to be told. Nothing here writes or locks jobs. */
public final class StatusStore {
  /** Builds that a service which was away catches up with, if they are of the last day. */
  private static final long CATCH_UP = 10_000;

  /** Ids are given before they are seen: so far behind the newest one others may still appear. */
  private static final long UNSEEN = 1_000;

  private final JdbcClient jdbc;

  public StatusStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * A status that somebody is about to tell.
   *
   * @param claim who tries: a later try has a higher one
   * @param tries of this state, with this one
   * @param overdue whether telling has failed for a day
   * @param trace the build's; none of builds that have no trace
   */
  record Due(
      CommitStatus status, long claim, int tries, boolean overdue, @Nullable TraceParent trace) {}

  /** Where to begin after a start. */
  long start() {
    return newest() - CATCH_UP;
  }

  /**
   * Notes the apps' builds since, to be told.
   *
   * @param after all builds up to it were noted, but for those that could not be seen then
   * @return what to send as {@code after} the next time
   */
  long note(String forge, Collection<String> apps, long after) {
    var newest = newest();
    jdbc.sql(
            """
            insert into commit_status (job, forge)
            select id, :forge from job
            where id > :after and app = any(:apps::text[]) and created_at > now() - interval '1 day'
            on conflict do nothing
            """)
        .param("forge", forge)
        .param("after", after)
        .param("apps", apps.toArray(String[]::new))
        .update();
    return newest - UNSEEN;
  }

  private long newest() {
    return jdbc.sql("select coalesce(max(id), 0) from job").query(Long.class).single();
  }

  /** Takes a status that differs from what was told, for so long. */
  Optional<Due> claim(String forge, Duration hold) {
    return jdbc.sql(
            """
            update commit_status due
            set next_try_at = now() + :hold * interval '1 second', claim = claim + 1, tries = tries + 1
            from job join app on app.name = job.app
            where job.id = due.job and due.job = (
              select s.job from commit_status s join job j on j.id = s.job
              where s.forge = :forge and s.told is distinct from 'SUCCEEDED' and s.next_try_at <= now()
                and s.told is distinct from j.status
              order by s.next_try_at limit 1
              for update of s skip locked)
            returning due.job, due.claim, due.tries, coalesce(due.failing_since < now() - interval '1 day', false) as overdue,
              job.app, app.repository, job.commit_sha, job.status, job.failure, job.trace_parent
            """)
        .param("forge", forge)
        .param("hold", hold.toSeconds())
        .query((row, n) ->
            new Due(
                new CommitStatus(
                    row.getLong("job"),
                    row.getString("app"),
                    row.getString("repository"),
                    row.getString("commit_sha"),
                    JobStatus.valueOf(row.getString("status")),
                    row.getString("failure")),
                row.getLong("claim"),
                row.getInt("tries"),
                row.getBoolean("overdue"),
                TraceParent.parse(row.getString("trace_parent")).orElse(null)))
        .optional();
  }

  /**
   * Ends the matter of this state.
   *
   * @param problem why it is given up; empty where the forge knows
   */
  void settle(Due due, String problem) {
    var mine =
        jdbc.sql(
                """
                update commit_status
                set told = :status, next_try_at = now(), tries = 0, failing_since = null, problem = nullif(left(:problem, 1000), '')
                where job = :job and claim = :claim
                """)
            .param("status", due.status().status().name())
            .param("problem", problem)
            .param("job", due.status().job())
            .param("claim", due.claim())
            .update();
    if (mine == 0) {
      // somebody else told a newer state meanwhile, and this one may have come after it
      jdbc.sql("update commit_status set told = null where job = :job")
          .param("job", due.status().job())
          .update();
    }
  }

  /** Tries again after the pause. */
  void postpone(Due due, Duration pause, String problem) {
    jdbc.sql(
            """
            update commit_status
            set next_try_at = now() + :pause * interval '1 millisecond', failing_since = coalesce(failing_since, now()),
              problem = left(:problem, 1000)
            where job = :job and claim = :claim
            """)
        .param("pause", pause.toMillis())
        .param("problem", problem)
        .param("job", due.status().job())
        .param("claim", due.claim())
        .update();
  }

  /** Tells the forge nothing for so long. */
  void hush(String forge, Duration pause) {
    jdbc.sql(
            """
            update commit_status set next_try_at = now() + :pause * interval '1 millisecond'
            where forge = :forge and told is distinct from 'SUCCEEDED'
              and next_try_at < now() + :pause * interval '1 millisecond'
            """)
        .param("pause", pause.toMillis())
        .param("forge", forge)
        .update();
  }

  /** Forgets what is a week old: a build that is tried again after that is not told. */
  void forget() {
    jdbc.sql("delete from commit_status where created_at < now() - interval '7 days'").update();
  }
}
