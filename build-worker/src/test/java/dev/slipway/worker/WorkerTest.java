package dev.slipway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.artifact.ArtifactNames;
import dev.slipway.common.artifact.Envelope;
import dev.slipway.common.artifact.Form;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.artifact.SigningKey;
import dev.slipway.common.artifact.TrustedKeys;
import dev.slipway.common.blob.BlobStore;
import dev.slipway.common.blob.FolderBlobStore;
import dev.slipway.common.clock.TestClock;
import dev.slipway.common.database.TestDatabase;
import dev.slipway.common.job.JobRows;
import dev.slipway.common.job.Pool;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.common.notice.Notices;
import dev.slipway.common.swarm.Torrent;
import dev.slipway.common.trace.Traces;
import dev.slipway.worker.build.BuildCommand;
import dev.slipway.worker.build.LogStore;
import dev.slipway.worker.checkout.Checkout;
import dev.slipway.worker.job.FinishStore;
import dev.slipway.worker.job.Heartbeats;
import dev.slipway.worker.job.SlotStore;
import dev.slipway.worker.job.Slots;
import dev.slipway.worker.publish.Publisher;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.json.JsonMapper;

@NullMarked
class WorkerTest {
  private static final String SLOW =
      """
      build:
        command: touch "$TMPDIR/../started"; echo begun; sleep 1000
        artifact: out
      """;

  private final TestDatabase database = TestDatabase.create();
  private final JdbcClient jdbc = database.jdbc();
  private final SigningKey.PemPair keys = SigningKey.generate();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  @TempDir Path dir;
  private FakeReaper reaper;
  private Repository repository;
  private BlobStore bucket;
  private Checkout checkout;
  private Slots slots;
  private Heartbeats heartbeats;

  @BeforeEach
  void a_worker() throws Exception {
    reaper = new FakeReaper();
    repository = new Repository(dir.resolve("repo"));
    bucket = new FolderBlobStore(dir.resolve("bucket"));
    checkout =
        new Checkout(dir.resolve("work"), System.getenv(), true, Limits.USUAL, new TestClock());
    slots = worker(DataSize.ofBytes(1));
    heartbeats = reaper.heartbeats(slots).start();
    new JobRows(jdbc).app("hello");
    jdbc.sql("update app set repository = :url").param("url", repository.url()).update();
  }

  /** A worker with one slot that takes jobs from now on. */
  private Slots worker(DataSize leastFree) {
    var key = SigningKey.of(TrustedKeys.idOf(keys.publicKey()), keys.privateKey());
    var notices = new Notices(new NoticeStore(jdbc), meters);
    var finish = new FinishStore(jdbc, notices);
    var worker =
        new Worker(
            new Worker.Jobs(new LogStore(jdbc), finish, notices),
            new Build(
                checkout,
                new BuildCommand(System.getenv()),
                new Publisher(bucket, key, new TestClock()),
                finish,
                new TestClock()),
            Duration.ZERO,
            Traces.OFF,
            new TestClock(),
            meters);
    var started =
        new Slots(
                new Slots.Identity("w1", 1, Pool.of("linux")),
                new SlotStore(database.dataSource()),
                new DiskSpace(dir, leastFree)::isEnough,
                worker,
                new TestClock(),
                meters)
            .start();
    return started;
  }

  @AfterEach
  void end() throws IOException {
    slots.drain(Duration.ZERO);
    heartbeats.close();
    slots.close();
    checkout.close();
    reaper.close();
  }

  /** Lets the worker build what waits, to its end. */
  private void build() throws Exception {
    var before = ended();
    slots.wake();
    Await.until(() -> ended() > before);
  }

  private double ended() {
    return meters.find("slipway.worker.builds").counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  @Test
  void a_push_becomes_a_signed_artifact() throws Exception {
    repository
        .with(
            "slipway.yml",
            """
            build:
              command: mkdir -p out && echo "$SLIPWAY_COMMIT" > out/app.bin && echo built
              artifact: out/*.bin
            deploy: {auto: true}
            run: {start: "./{artifact} {port}"}
            """)
        .with("readme", "x");
    var job = push();
    build();
    assertThat(failure()).isEmpty();

    var row = job();
    assertThat(row).containsEntry("status", "SUCCEEDED").containsEntry("worker", "w1");
    var trusted = new TrustedKeys(List.of(keys.publicKey()));
    var manifest = trusted.verify(read("manifests/hello/" + job + "-1.json"));
    assertThat(manifest.form()).isEqualTo(Form.FILE);
    assertThat(manifest.fileName()).isEqualTo("app.bin");
    assertThat(manifest.run()).isNotNull();
    assertThat(manifest.builder()).isEqualTo("w1");
    assertThat(row)
        .containsEntry("sha256", manifest.sha256().value())
        .containsEntry("crc32c", manifest.crc32c())
        .containsEntry("binary_name", "artifacts/hello/" + manifest.sha256())
        .containsEntry("size_bytes", manifest.size());
    assertThat(read("artifacts/hello/" + manifest.sha256()))
        .asString()
        .isEqualTo(manifest.commit() + "\n");
    assertThat(bucket.stat("artifacts/hello/" + manifest.sha256()).orElseThrow().crc32c())
        .isEqualTo(manifest.crc32c());
    assertThat(bucket.stat("uploads/hello/" + job + "-1")).isEmpty();
    var torrent = Torrent.parse(Base64.getDecoder().decode(manifest.torrentInfo()));
    assertThat(torrent.name()).isEqualTo(manifest.sha256().value());
    assertThat(jdbc.sql("select rollout ->> 'auto' from job").query(String.class).single())
        .isEqualTo("true");
    assertThat(log()).startsWith("built\nslipway: published artifacts/hello/");
    assertThat(reaper.beats()).isPositive();
    assertThat(meters.counter("slipway.worker.builds", "outcome", "succeeded").count()).isOne();
    assertThat(dir.resolve("work/workspaces")).isEmptyDirectory();
  }

  @Test
  void an_artifact_has_a_provenance_of_slsa_beside_it() throws Exception {
    repository.with(
        "slipway.yml",
        """
        build: {command: echo x > app.bin, artifact: app.bin, timeout: 10m, env: {KEY: hidden}}
        """);
    var job = push();
    build();
    assertThat(failure()).isEmpty();

    var name = "manifests/hello/" + job + "-1.json";
    var signed = read(name);
    var manifest = new TrustedKeys(List.of(keys.publicKey())).verify(signed);
    var line = new String(read(ArtifactNames.provenanceOf(name)), StandardCharsets.UTF_8);
    assertThat(line).endsWith("}\n").doesNotContain("hidden");
    var envelope = JsonMapper.shared().readValue(line, Envelope.class);
    assertThat(envelope.payloadType()).isEqualTo("application/vnd.in-toto+json");
    var payload = Base64.getDecoder().decode(envelope.payload());
    assertThat(JsonMapper.shared().readTree(payload))
        .isEqualTo(
            JsonMapper.shared()
                .readTree(
                    """
                    {
                      "_type": "https://in-toto.io/Statement/v1",
                      "subject": [
                        {"name": "app.bin", "digest": {"sha256": "%s"}},
                        {"name": "%s", "digest": {"sha256": "%s"}}
                      ],
                      "predicateType": "https://slsa.dev/provenance/v1",
                      "predicate": {
                        "buildDefinition": {
                          "buildType": "https://slipway.dev/build/v1",
                          "externalParameters": {
                            "app": "hello",
                            "repository": "%s",
                            "ref": "refs/heads/master",
                            "commit": "%s",
                            "recipe": {
                              "command": "echo x > app.bin",
                              "artifact": "app.bin",
                              "timeout": "PT10M",
                              "env": ["KEY"],
                              "labels": [],
                              "network": "HOST"
                            }
                          },
                          "internalParameters": {"worker": "w1"},
                          "resolvedDependencies": [
                            {"uri": "git+file://%s@refs/heads/master", "digest": {"gitCommit": "%s"}}
                          ]
                        },
                        "runDetails": {
                          "builder": {"id": "https://slipway.dev/builder"},
                          "metadata": {
                            "invocationId": "%d-1",
                            "startedOn": "%s",
                            "finishedOn": "%s"
                          },
                          "byproducts": []
                        }
                      }
                    }
                    """
                        .formatted(
                            manifest.sha256(),
                            name,
                            Sha256.of(signed),
                            repository.url(),
                            manifest.commit(),
                            repository.url().replaceFirst("^file://", ""),
                            manifest.commit(),
                            job,
                            manifest.builtAt(),
                            manifest.builtAt())));
  }

  @Test
  void a_folder_becomes_a_tar() throws Exception {
    repository.with("slipway.yml", "build: {command: 'mkdir out; echo x > out/a', artifact: out}");
    var job = push();
    build();
    assertThat(failure()).isEmpty();
    var manifest =
        new TrustedKeys(List.of(keys.publicKey()))
            .verify(read("manifests/hello/" + job + "-1.json"));
    assertThat(manifest.form()).isEqualTo(Form.TAR);
    assertThat(manifest.fileName()).isEqualTo("out");
  }

  @Test
  void an_unknown_key_fails_the_job_with_file_line_and_key() throws Exception {
    repository.with("slipway.yml", "build:\n  comand: make\n  artifact: out\n");
    push();
    build();
    assertThat(failure())
        .isEqualTo(
            "slipway.yml:2: build.comand is not a known key; known are command, artifact, timeout, env, labels, network");
    assertThat(log()).contains("build.comand");
  }

  @Test
  void the_apps_recipe_stands_in_for_a_missing_file() throws Exception {
    repository.with("readme", "x");
    push();
    build();
    assertThat(failure()).contains("there is no slipway.yml");
    jdbc.sql("update app set recipe = 'build: {command: make, artifact: /x}'").update();
    push();
    build();
    assertThat(failure())
        .isEqualTo(
            "the app's recipe:1: build.artifact must be a path below the checkout, not an absolute one");
  }

  @Test
  void a_recipe_that_is_a_link_is_not_followed() throws Exception {
    Files.createSymbolicLink(repository.folder().resolve("slipway.yml"), Path.of("/etc/passwd"));
    push();
    build();
    assertThat(failure()).isEqualTo("slipway.yml must be a regular file, not a link or a folder");
  }

  @Test
  void an_artifact_that_is_not_there_or_empty_fails_the_job() throws Exception {
    repository.with("slipway.yml", "build: {command: 'true # x', artifact: out}");
    push();
    build();
    assertThat(failure())
        .isEqualTo("slipway.yml: build.artifact out matches nothing that the build made");
    repository.with("slipway.yml", "build: {command: touch out, artifact: out}");
    push();
    build();
    assertThat(failure()).isEqualTo("the artifact out is empty");
  }

  @Test
  void a_worker_that_lost_its_job_kills_the_build_and_changes_nothing() throws Exception {
    var job = running();
    var before = jdbc.sql("select j::text from job j").query(String.class).single();
    reaper.end("lost");
    endsWith("lost");
    assertThat(jdbc.sql("select j::text from job j").query(String.class).single())
        .isEqualTo(before);
    assertThat(dir.resolve("work/workspaces/" + job + "-1")).doesNotExist();
  }

  @Test
  void a_cancelled_build_is_killed_and_acknowledged() throws Exception {
    running();
    jdbc.sql("update job set cancel_requested_at = now(), cancel_requested_by = 'anna'").update();
    reaper.end("cancelled");
    endsWith("cancelled");
    assertThat(job()).containsEntry("status", "CANCELLED");
    assertThat(log()).isEqualTo("begun\n");
  }

  @Test
  void a_reaper_that_is_away_does_not_stop_a_build() throws Exception {
    reaper.breakDown();
    repository.with("slipway.yml", "build: {command: 'echo x > out', artifact: out}");
    push();
    build();
    assertThat(job()).containsEntry("status", "SUCCEEDED");
  }

  @Test
  void a_worker_that_stops_lets_go_of_its_job() throws Exception {
    var job = running();
    slots.drain(Duration.ZERO);
    assertThat(job())
        .containsEntry("status", "QUEUED")
        .containsEntry("attempt", 1)
        .containsEntry("max_attempts", 4);
    assertThat(dir.resolve("work/workspaces/" + job + "-1")).doesNotExist();
    assertThat(meters.counter("slipway.worker.builds", "outcome", "released").count()).isOne();
  }

  @Test
  void a_bucket_that_is_away_gives_the_job_back() throws Exception {
    bucket = new BrokenBucket();
    slots.close();
    slots = worker(DataSize.ofBytes(1));
    repository.with("slipway.yml", "build: {command: 'echo x > out', artifact: out}");
    push();
    slots.wake();
    Await.until(() -> "FAILED".equals(job().get("status")));
    assertThat(job()).containsEntry("attempt", 3);
    assertThat(failure()).isEqualTo("the bucket is away");
  }

  @Test
  void a_commit_that_asks_for_other_labels_is_passed_on() throws Exception {
    repository.with(
        "slipway.yml", "build: {command: 'echo x > out', artifact: out, labels: [linux, large]}");
    push();
    build();
    assertThat(job())
        .containsEntry("status", "QUEUED")
        .containsEntry("pool", "large,linux")
        .containsEntry("max_attempts", 4);
    assertThat(meters.counter("slipway.worker.builds", "outcome", "passed-on").count()).isOne();
  }

  @Test
  void labels_that_the_worker_has_are_built_and_kept_for_the_next_push() throws Exception {
    repository.with(
        "slipway.yml", "build: {command: 'echo x > out', artifact: out, labels: [linux]}");
    push();
    build();
    assertThat(job()).containsEntry("status", "SUCCEEDED");
    assertThat(jdbc.sql("select pool from app").query(String.class).single()).isEqualTo("linux");
  }

  @Test
  void without_room_on_the_disk_no_job_is_taken_and_the_worker_says_so() throws Exception {
    slots.close();
    heartbeats.close();
    slots = worker(DataSize.ofTerabytes(1_000_000));
    heartbeats = reaper.heartbeats(slots).start();
    repository.with("slipway.yml", SLOW);
    push();
    slots.wake();
    var beats = reaper.beats();
    Await.until(() -> reaper.beats() > beats + 1);
    assertThat(job()).containsEntry("status", "QUEUED").containsEntry("attempt", 0);
    var health = new DiskSpace(dir, DataSize.ofTerabytes(1_000_000)).health();
    assertThat(health.getStatus().getCode()).isEqualTo("DOWN");
    assertThat(health.getDetails().get("reason")).asString().contains("too little room");
  }

  /** A job whose build runs in a loop of the worker's. */
  private long running() throws Exception {
    repository.with("slipway.yml", SLOW);
    var job = push();
    slots.wake();
    Await.until(() -> Files.exists(dir.resolve("work/workspaces/" + job + "-1/started")));
    Await.until(() -> !log().isEmpty());
    return job;
  }

  private void endsWith(String outcome) throws Exception {
    Await.until(() -> meters.counter("slipway.worker.builds", "outcome", outcome).count() == 1);
  }

  private long push() throws Exception {
    var commit = repository.commit();
    return jdbc.sql(
            """
            insert into job (app, seq, commit_sha, ref, found_by)
            select 'hello', coalesce(max(seq), 0) + 1, :commit, 'refs/heads/master', 'WEBHOOK' from job
            returning id
            """)
        .param("commit", commit.value())
        .query(Long.class)
        .single();
  }

  private Map<String, @Nullable Object> job() {
    return jdbc.sql("select * from job order by id desc limit 1").query().singleRow();
  }

  private String failure() {
    return jdbc.sql("select coalesce(failure, '') from job order by id desc limit 1")
        .query(String.class)
        .single();
  }

  private String log() {
    return String.join(
        "",
        jdbc.sql("select content from job_log order by job, attempt, start")
            .query(String.class)
            .list());
  }

  private byte[] read(String name) throws IOException {
    try (var in = bucket.read(name, 0, 1 << 20)) {
      return in.readAllBytes();
    }
  }
}
