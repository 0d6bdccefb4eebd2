package dev.slipway.worker.job;

import dev.slipway.common.job.Claim;
import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.common.recipe.DeployRecipe;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * Ends the worker's hold on a job. Every statement is fenced by the claim, closes the attempt with
 * the job, and says whether the worker still held it; where it did not, nothing changed.
 */
public final class FinishStore {
  private static final Logger log = LoggerFactory.getLogger(FinishStore.class);
  private static final int MAX_REASON = 2000;

  private final JdbcClient jdbc;
  private final NoticeStore notices;

  public FinishStore(JdbcClient jdbc, NoticeStore notices) {
    this.jdbc = jdbc;
    this.notices = notices;
  }

  /** The build is there. Not accepted once somebody asked to cancel it. */
  public boolean succeed(Claim claim, Published published, DeployRecipe rollout) {
    var held =
        fenced(
                """
                with ended as (
                  update job set
                    status = 'SUCCEEDED', finished_at = now(), failure = null, binary_name = :binaryName,
                    size_bytes = :size, sha256 = :sha256, crc32c = :crc32c, manifest = :manifest,
                    rollout = cast(:rollout as jsonb)
                  where id = :job and attempt = :attempt and worker = :worker and status = 'RUNNING'
                    and cancel_requested_at is null
                  returning id, attempt
                )
                update job_attempt set outcome = 'SUCCEEDED', finished_at = now()
                from ended where job_attempt.job = ended.id and job_attempt.attempt = ended.attempt
                """,
                claim)
            .param("binaryName", published.binaryName())
            .param("size", published.size())
            .param("sha256", published.sha256().value())
            .param("crc32c", published.crc32c())
            .param("manifest", published.manifest())
            .param("rollout", JsonMapper.shared().writeValueAsString(rollout))
            .update();
    return told(held, Channel.JOB_CHANGED);
  }

  /** The build failed for good. */
  public boolean fail(Claim claim, String reason) {
    var held =
        fenced(
                """
                with ended as (
                  update job set status = 'FAILED', finished_at = now(), failure = :reason
                  where id = :job and attempt = :attempt and worker = :worker and status = 'RUNNING'
                  returning id, attempt
                )
                update job_attempt set outcome = 'FAILED', finished_at = now()
                from ended where job_attempt.job = ended.id and job_attempt.attempt = ended.attempt
                """,
                claim)
            .param("reason", bounded(reason))
            .update();
    return told(held, Channel.JOB_CHANGED);
  }

  /** Acknowledges that somebody asked to cancel the build; only then. */
  public boolean cancelled(Claim claim) {
    var held =
        fenced(
                """
                with ended as (
                  update job set status = 'CANCELLED', finished_at = now()
                  where id = :job and attempt = :attempt and worker = :worker and status = 'RUNNING'
                    and cancel_requested_at is not null
                  returning id, attempt
                )
                update job_attempt set outcome = 'CANCELLED', finished_at = now()
                from ended where job_attempt.job = ended.id and job_attempt.attempt = ended.attempt
                """,
                claim)
            .update();
    return told(held, Channel.JOB_CHANGED);
  }

  /**
   * Lets go of a job that the worker has no time to end. The next attempt has a number of its own,
   * but this one is not held against the job: it may have one more.
   */
  public boolean release(Claim claim) {
    var held =
        fenced(
                """
                with ended as (
                  update job set
                    status = 'QUEUED', worker = null, started_at = null, last_heartbeat = null,
                    max_attempts = least(max_attempts + 1, 100)
                  where id = :job and attempt = :attempt and worker = :worker and status = 'RUNNING'
                    and cancel_requested_at is null
                  returning id, attempt
                )
                update job_attempt set outcome = 'RELEASED', finished_at = now()
                from ended where job_attempt.job = ended.id and job_attempt.attempt = ended.attempt
                """,
                claim)
            .update();
    return told(held, Channel.JOB_CHANGED) && told(held, Channel.JOB_QUEUED);
  }

  /**
   * Gives back a job that this worker could not build for reasons that are not the build's. It
   * counts as an attempt: after the last the job has failed with {@code reason}. Nobody is called,
   * so that whatever is out of order has the time until the next poll.
   */
  public boolean giveBack(Claim claim, String reason) {
    var held =
        fenced(
                """
                with ended as (
                  update job set
                    status = case when attempt < max_attempts then 'QUEUED' else 'FAILED' end,
                    worker = case when attempt < max_attempts then null else worker end,
                    started_at = case when attempt < max_attempts then null else started_at end,
                    last_heartbeat = null,
                    finished_at = case when attempt < max_attempts then null else now() end,
                    failure = case when attempt < max_attempts then null else :reason end
                  where id = :job and attempt = :attempt and worker = :worker and status = 'RUNNING'
                    and cancel_requested_at is null
                  returning id, attempt, status
                )
                update job_attempt set
                  outcome = case when ended.status = 'FAILED' then 'FAILED' else 'RELEASED' end,
                  finished_at = now()
                from ended where job_attempt.job = ended.id and job_attempt.attempt = ended.attempt
                """,
                claim)
            .param("reason", bounded(reason))
            .update();
    return told(held, Channel.JOB_CHANGED);
  }

  private JdbcClient.StatementSpec fenced(String sql, Claim claim) {
    return jdbc.sql(sql)
        .param("job", claim.job())
        .param("attempt", claim.attempt())
        .param("worker", claim.worker());
  }

  private static String bounded(String reason) {
    var text = reason.replace('\0', '\uFFFD');
    return text.length() <= MAX_REASON ? text : text.substring(0, MAX_REASON);
  }

  /** A notice is a hint: one that is not sent must not make a finished job look unfinished. */
  private boolean told(int rows, Channel channel) {
    if (rows == 0) {
      return false;
    }
    try {
      notices.send(channel);
    } catch (DataAccessException hintLost) {
      log.debug("A notice was not sent; others find the change when they look", hintLost);
    }
    return true;
  }
}
