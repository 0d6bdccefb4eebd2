package dev.slipway.bench.workers;

import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.artifact.TrustedKeys;
import dev.slipway.common.blob.BlobStore;
import dev.slipway.common.blob.BlobStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What came of the jobs. A trigger writes down every result that is accepted, as it happens. */
final class Ledger {
  private final JdbcClient jdbc;

  Ledger(JdbcClient jdbc) {
    this.jdbc = jdbc;
    jdbc.sql("create table accepted (job bigint, attempt int, worker text, sha256 text)").update();
    jdbc.sql(
            """
            create function accept() returns trigger language plpgsql as $$
            begin
              insert into accepted values (new.id, new.attempt, new.worker, new.sha256);
              return new;
            end $$
            """)
        .update();
    jdbc.sql(
            """
            create trigger accept after update on job for each row
            when (new.status = 'SUCCEEDED'
                  and (old.status <> 'SUCCEEDED' or old.attempt <> new.attempt or old.sha256 <> new.sha256))
            execute function accept()
            """)
        .update();
  }

  long open() {
    return count("select count(*) from job where status in ('QUEUED', 'RUNNING')");
  }

  /** What a worker holds now, under any of its processes. */
  List<Held> heldBy(String worker) {
    return jdbc.sql(
            "select id, attempt from job where status = 'RUNNING' and worker like :name || '/%'")
        .param("name", worker)
        .query((row, n) -> new Held(row.getLong(1), row.getInt(2)))
        .list();
  }

  record Held(long job, int attempt) {}

  /** Whether somebody else is working on one of these jobs now. */
  boolean isTakenOver(List<Held> held) {
    return held.stream()
        .anyMatch(one ->
            jdbc.sql("select status = 'RUNNING' and attempt > :attempt from job where id = :job")
                .param("attempt", one.attempt())
                .param("job", one.job())
                .query(Boolean.class)
                .single());
  }

  long lost() {
    return count("select count(*) from past_attempt where outcome = 'LOST'");
  }

  long released() {
    return count("select count(*) from past_attempt where outcome = 'RELEASED'");
  }

  long notSucceeded() {
    return count("select count(*) from job where status <> 'SUCCEEDED'");
  }

  /** The jobs that did not end well, each with its attempts, for people. */
  List<String> failures() {
    return jdbc.sql(
            """
            select '#' || id || ' is ' || status || coalesce(': ' || failure, '') || ' after '
                   || (select string_agg(outcome || coalesce(' (' || reason || ')', ''), ', ' order by attempt)
                       from job_attempt where job = id)
            from job where status <> 'SUCCEEDED' order by id limit 20
            """)
        .query((row, n) -> String.valueOf(row.getString(1)))
        .list();
  }

  /** Jobs of which two results were accepted, or one of an attempt that had been taken away. */
  long acceptedTwice() {
    return count(
        """
        select count(*) from job
        where (select count(*) from accepted where accepted.job = job.id) > 1
           or exists (select from accepted a join past_attempt p on p.job = a.job and p.attempt = a.attempt
                      where a.job = job.id)
        """);
  }

  /** Jobs whose bytes, or whose signed manifest, are not what the table says. */
  long mismatched(Path bucket, String publicKey) throws IOException {
    var blobs = BlobStores.open(bucket.toUri());
    var trusted = new TrustedKeys(List.of(publicKey));
    var wrong = 0L;
    for (var result : results()) {
      if (!matches(result, blobs, trusted)) {
        wrong++;
      }
    }
    return wrong;
  }

  private record Result(
      long job, int attempt, String binary, long size, Sha256 sha256, String manifest) {}

  private List<Result> results() {
    return jdbc.sql(
            "select id, attempt, binary_name, size_bytes, sha256, manifest from job where status = 'SUCCEEDED'")
        .query((row, n) ->
            new Result(
                row.getLong(1),
                row.getInt(2),
                row.getString(3),
                row.getLong(4),
                new Sha256(row.getString(5)),
                row.getString(6)))
        .list();
  }

  private static boolean matches(Result result, BlobStore blobs, TrustedKeys trusted)
      throws IOException {
    var bytes = read(blobs, result.binary());
    var manifest = trusted.verify(read(blobs, result.manifest()));
    return bytes.length == result.size()
        && digest(bytes).equals(result.sha256())
        && manifest.sha256().equals(result.sha256())
        && manifest.job() == result.job()
        && result.manifest().endsWith("/" + result.job() + "-" + result.attempt() + ".json");
  }

  private static byte[] read(BlobStore blobs, String name) throws IOException {
    var size = blobs.stat(name).orElseThrow(() -> new IOException(name + " is not there")).size();
    try (var in = blobs.read(name, 0, size)) {
      return in.readAllBytes();
    }
  }

  private static Sha256 digest(byte[] bytes) {
    try {
      return new Sha256(
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Processes that still have their working folder below {@code folder}. */
  static long running(Path folder) {
    return ProcessHandle.allProcesses().filter(process -> isIn(process, folder)).count();
  }

  private static boolean isIn(ProcessHandle process, Path folder) {
    try {
      return Files.readSymbolicLink(Path.of("/proc", String.valueOf(process.pid()), "cwd"))
          .startsWith(folder);
    } catch (IOException goneOrNotOurs) {
      return false;
    }
  }

  private long count(String sql) {
    return jdbc.sql(sql).query(Long.class).single();
  }
}
