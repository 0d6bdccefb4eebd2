package dev.slipway.common.job;

import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Puts apps and jobs in each state straight into a test's database, for tests of what comes after.
 */
public final class JobRows {
  private final JdbcClient jdbc;
  private final AtomicInteger commits = new AtomicInteger();

  public JobRows(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** An app. */
  public void app(String name) {
    jdbc.sql(
            "insert into app (name, repository, webhook_secret) values (:name, 'https://git.test/' || :name, 'a secret for tests')")
        .param("name", name)
        .update();
  }

  /** A queued job of the app's next commit. */
  public long queued(String app) {
    return jdbc.sql(
            """
            insert into job (app, seq, commit_sha, ref, found_by)
            select :app, coalesce(max(seq), 0) + 1, :commit, 'refs/heads/master', 'WEBHOOK' from job where app = :app
            returning id
            """)
        .param("app", app)
        .param("commit", "%040x".formatted(commits.incrementAndGet()))
        .query(Long.class)
        .single();
  }

  /** A running job, first attempt, that was heard of just now. */
  public long running(String app, String worker) {
    var job = queued(app);
    jdbc.sql(
            """
            update job set status = 'RUNNING', worker = :worker, attempt = 1, started_at = now(), last_heartbeat = now()
            where id = :job
            """)
        .param("worker", worker)
        .param("job", job)
        .update();
    return job;
  }

  /** A succeeded job whose artifact has {@code size} bytes with that digest and checksum. */
  public long succeeded(String app, String sha256, String crc32c, long size) {
    var job = running(app, "worker");
    jdbc.sql(
            """
            update job set status = 'SUCCEEDED', finished_at = now(), binary_name = 'artifacts/' || app || '/' || :sha256,
              size_bytes = :size, sha256 = :sha256, crc32c = :crc32c, manifest = 'manifests/' || app || '/' || id || '-1.json'
            where id = :job
            """)
        .param("sha256", sha256)
        .param("crc32c", crc32c)
        .param("size", size)
        .param("job", job)
        .update();
    return job;
  }

  /** A deployable job: every region there is has a verified copy. */
  public long replicated(String app) {
    var job = succeeded(app, "%064x".formatted(commits.incrementAndGet()), "AAAAAA==", 1);
    jdbc.sql("update job set replicated_at = now() where id = :job").param("job", job).update();
    jdbc.sql(
            """
            insert into replica (job, region, status, verified_at)
            select :job, name, 'VERIFIED', now() from region
            """)
        .param("job", job)
        .update();
    return job;
  }
}
