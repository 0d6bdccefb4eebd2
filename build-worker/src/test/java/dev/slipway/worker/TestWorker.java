package dev.slipway.worker;

import dev.slipway.common.artifact.Manifest;
import dev.slipway.common.artifact.SigningKey;
import dev.slipway.common.artifact.TrustedKeys;
import dev.slipway.common.blob.BlobStore;
import dev.slipway.common.blob.FolderBlobStore;
import dev.slipway.common.clock.TestClock;
import dev.slipway.common.database.TestDatabase;
import dev.slipway.common.job.CommitSha;
import dev.slipway.common.job.JobRows;
import dev.slipway.common.job.Pool;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.common.notice.Notices;
import dev.slipway.common.trace.Traces;
import dev.slipway.worker.build.BuildCommand;
import dev.slipway.worker.build.LogStore;
import dev.slipway.worker.checkout.Checkout;
import dev.slipway.worker.checkout.CheckoutLimits;
import dev.slipway.worker.job.FinishStore;
import dev.slipway.worker.job.SlotStore;
import dev.slipway.worker.job.Slots;
import dev.slipway.worker.publish.Publisher;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A whole worker with one slot, from a push in the real queue to the bucket, for the app hello. */
@NullMarked
final class TestWorker implements AutoCloseable {
  private final TestDatabase database = TestDatabase.create();
  private final JdbcClient jdbc = database.jdbc();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final SigningKey.PemPair keys = SigningKey.generate();
  private final BlobStore bucket;
  private final Checkout checkout;
  private final Slots slots;

  /**
   * @param environment the worker's own
   */
  TestWorker(Path dir, Map<String, String> environment, boolean allowFiles, CheckoutLimits limits)
      throws IOException {
    this(dir, environment, allowFiles, limits, new BuildCommand(environment));
  }

  /** The same with builds that are run in some other way. */
  TestWorker(
      Path dir,
      Map<String, String> environment,
      boolean allowFiles,
      CheckoutLimits limits,
      BuildCommand command)
      throws IOException {
    bucket = new FolderBlobStore(dir.resolve("bucket"));
    checkout = new Checkout(dir.resolve("work"), environment, allowFiles, limits, new TestClock());
    var notices = new Notices(new NoticeStore(jdbc), meters);
    var finish = new FinishStore(jdbc, notices);
    var key = SigningKey.of(TrustedKeys.idOf(keys.publicKey()), keys.privateKey());
    var publisher = new Publisher(bucket, key, new TestClock());
    var build = new Build(checkout, command, publisher, finish, new TestClock());
    var jobs = new Worker.Jobs(new LogStore(jdbc), finish, notices);
    slots =
        new Slots(
                new Slots.Identity("w1", 1, Pool.ANY),
                new SlotStore(database.dataSource()),
                () -> true,
                new Worker(jobs, build, Duration.ZERO, Traces.OFF, new TestClock(), meters),
                new TestClock(),
                meters)
            .start();
    new JobRows(jdbc).app("hello");
  }

  /** Queues a commit and lets it be built, to the end of its last attempt. */
  Ended build(String repository, String branch, CommitSha commit) throws Exception {
    jdbc.sql("update app set repository = :repository, branch = :branch")
        .param("repository", repository)
        .param("branch", branch)
        .update();
    var job =
        jdbc.sql(
                """
                insert into job (app, seq, commit_sha, ref, found_by)
                select 'hello', coalesce(max(seq), 0) + 1, :commit, 'refs/heads/' || :branch, 'WEBHOOK'
                from job
                returning id
                """)
            .param("commit", commit.value())
            .param("branch", branch)
            .query(Long.class)
            .single();
    slots.wake();
    Await.until(() -> ended(job).isFinished(), Duration.ofMinutes(2));
    return ended(job);
  }

  /** The same of what a repository holds now. */
  Ended build(Repository repository) throws Exception {
    return build(repository.url(), "master", repository.commit());
  }

  /** How a job stands. */
  record Ended(long job, String status, int attempt, String failure) {
    boolean isFinished() {
      return !List.of("QUEUED", "RUNNING").contains(status);
    }
  }

  private Ended ended(long job) {
    return jdbc.sql("select id, status, attempt, coalesce(failure, '') from job where id = :job")
        .param("job", job)
        .query((row, _) ->
            new Ended(row.getLong(1), row.getString(2), row.getInt(3), row.getString(4)))
        .single();
  }

  /** What a job's builds printed. */
  String log(Ended of) {
    return String.join(
        "",
        jdbc.sql("select content from job_log where job = :job order by attempt, start")
            .param("job", of.job())
            .query(String.class)
            .list());
  }

  /** What was published of a job's first attempt. */
  Manifest manifest(Ended of) throws IOException {
    try (var in = bucket.read("manifests/hello/" + of.job() + "-1.json", 0, 1 << 21)) {
      return new TrustedKeys(List.of(keys.publicKey())).verify(in.readAllBytes());
    }
  }

  /** The worker's folder. */
  Path folder() {
    return checkout.folder();
  }

  JdbcClient jdbc() {
    return jdbc;
  }

  /** How many attempts have ended. */
  double attempts() {
    return meters.find("slipway.worker.builds").counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  @Override
  public void close() throws IOException {
    slots.drain(Duration.ZERO);
    slots.close();
    checkout.close();
  }
}
