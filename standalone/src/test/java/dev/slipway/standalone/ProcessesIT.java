package dev.slipway.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.access.Secrets;
import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.ArtifactNames;
import dev.slipway.common.artifact.Manifest;
import dev.slipway.common.artifact.TrustedKeys;
import dev.slipway.common.blob.BlobStores;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every service as a process of its own, from its executable jar. */
@NullMarked
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ProcessesIT {
  private static final Path FOLDER = Path.of("target", "processes").toAbsolutePath();

  @RegisterExtension
  static final TestExecutionExceptionHandler LOGS =
      (test, failure) -> {
        throw new AssertionError(
            "%s failed; what the processes say is in %s"
                .formatted(test.getDisplayName(), FOLDER.resolve("logs")),
            failure);
      };

  private static Processes processes;

  @BeforeAll
  static void start() throws Exception {
    processes = Processes.start(FOLDER);
  }

  @AfterAll
  static void end() throws Exception {
    if (processes != null) {
      processes.close();
    }
  }

  @Test
  void a_push_is_built_copied_and_deployed_to_every_machine() throws Exception {
    try (var out =
        new PrintStream(FOLDER.resolve("logs/journey.log").toFile(), StandardCharsets.UTF_8)) {
      var journey = new Journey(processes, Sample.APP, new Teller(out));
      var commit = Sample.register(processes, FOLDER.resolve("sample")).pushFirst();
      var build = journey.awaitBuild(commit);
      journey.awaitReplicas(build);
      journey.pressDeploy(build);
      // asks every machine's app for its commit
      journey.awaitMachines(build, commit);
      assertLogsAreForMachines(build);
    }
  }

  /** All that was said of the build is found by the id of its trace, wherever it was said. */
  private static void assertLogsAreForMachines(long build) throws Exception {
    var job = new Api(processes.queue(), processes.adminToken()).get("/api/v1/jobs/" + build);
    var worker = processes.worker(job.path("worker").asString());
    var built = line(worker, "attempt 1: succeeded");
    assertThat(built.path("message").asString("")).startsWith("Build " + build + " of ");
    assertThat(built.path("traceId").asString("")).matches("[0-9a-f]{32}");
    var spans = new ArrayList<>(List.of(built.path("spanId").asString("")));
    var said = new ArrayList<JsonNode>();
    said.add(line(processes.regionalAgent(), "Build #" + build + " is here"));
    for (var machine : processes.machines()) {
      // after its app has answered
      machine.awaitPrinted("runs build " + build);
      said.add(line(machine, "runs build " + build));
    }
    for (var line : said) {
      assertThat(line.path("traceId")).as("%s", line).isEqualTo(built.path("traceId"));
      spans.add(line.path("spanId").asString(""));
    }
    assertThat(spans).doesNotHaveDuplicates().allMatch(span -> span.matches("[0-9a-f]{16}"));
  }

  private static JsonNode line(ServiceProcess process, String part) throws IOException {
    return JsonMapper.shared()
        .readTree(
            process
                .printed()
                .lines()
                .filter(line -> line.contains(part))
                .findFirst()
                .orElseThrow());
  }

  @Test
  void the_build_of_a_worker_that_is_killed_ends_at_another_once() throws Exception {
    var app = SlowApp.push(processes, "killed");
    var lost = app.awaitTaken(1);
    var orphan = app.awaitStarted(1);
    processes.worker(lost).kill();

    var finisher = app.awaitTaken(2);
    app.awaitStarted(2);
    app.letGo(2);
    requireBuiltOnce(app, lost, finisher);
    assertThat(manifests(app)).containsExactly(app.job().path("id").asLong() + "-2.json");

    // its next process ends what the first has left running
    assertThat(isRunning(orphan)).isTrue();
    processes.restartWorker(lost);
    assertThat(isRunning(orphan)).isFalse();
  }

  @Test
  void a_worker_that_was_frozen_cannot_end_what_another_has_taken_over() throws Exception {
    var app = SlowApp.push(processes, "frozen");
    var lost = app.awaitTaken(1);
    app.awaitStarted(1);
    processes.worker(lost).freeze();
    var finisher = app.awaitTaken(2);
    app.awaitStarted(2);
    // so that nobody tells the first one, and it goes on to the end
    processes.reaper().freeze();
    try {
      app.letGo(1);
      processes.worker(lost).thaw();
      processes.worker(lost).awaitPrinted("of frozen, attempt 1: ");
      assertThat(app.job().path("status").asString()).isEqualTo("RUNNING");
      app.letGo(2);
      requireBuiltOnce(app, lost, finisher);
    } finally {
      processes.reaper().thaw();
    }
  }

  @Test
  void a_setting_that_is_missing_is_told_without_a_stack_trace() throws Exception {
    var worker = processes.workerWithout("slipway.worker.token");
    assertThat(worker.awaitEnd(Duration.ofMinutes(2))).isTrue();
    assertThat(worker.printed())
        .contains("slipway.worker.token must be set")
        .doesNotContain("\tat ");
  }

  /** The last: by then everybody has done and said everything. */
  @Test
  @Order(Integer.MAX_VALUE)
  void no_log_no_object_and_no_answer_tells_a_secret() throws Exception {
    var secrets = KnownSecrets.of(FOLDER);
    var webhook = Secrets.random();
    secrets.add("the webhook", webhook);
    new Api(processes.queue(), processes.adminToken())
        .put(
            "/api/v1/apps/secretive",
            Map.of("repository", FOLDER.resolve("secretive").toString(), "webhookSecret", webhook));
    assertThat(secrets.size()).isGreaterThan(20);
    assertThat(secrets.toldByFiles(FOLDER.resolve("keys"))).as("they are found").isNotEmpty();

    assertThat(secrets.toldByFiles(FOLDER.resolve("logs"))).isEmpty();
    assertThat(secrets.toldByFiles(FOLDER.resolve("buckets"))).isEmpty();
    var read = 0;
    try (var every = new EveryAnswer(processes.names("secretive"))) {
      for (var service : processes.doors().entrySet()) {
        for (var answer : every.of(service.getKey(), service.getValue()).entrySet()) {
          assertThat(secrets.toldBy(answer.getValue())).as(answer.getKey()).isEmpty();
          read++;
        }
      }
    }
    assertThat(read).as("answers").isGreaterThan(40);
  }

  private static void requireBuiltOnce(SlowApp app, String lost, String finisher) throws Exception {
    var job = app.awaitEnd();
    assertThat(job.path("status").asString()).isEqualTo("SUCCEEDED");
    assertThat(finisher).isNotEqualTo(lost);
    assertThat(
            Journey.each(job.path("attempts"))
                .map(a -> a.path("worker").asString() + " " + a.path("outcome").asString("")))
        .containsExactly(lost + " LOST", finisher + " SUCCEEDED");

    var bucket = BlobStores.open(processes.homeBucket());
    var id = job.path("id").asLong();
    var name = ArtifactNames.manifest(new AppName(app.name()), id, 2);
    try (var envelope = bucket.read(name, 0, Manifest.MAX_SIGNED_BYTES)) {
      var manifest =
          new TrustedKeys(List.of(processes.publicKey())).verify(envelope.readAllBytes());
      assertThat(manifest.builder()).isEqualTo(finisher);
      assertThat(manifest.sha256().value()).isEqualTo(job.path("sha256").asString());
    }
    try (var artifact = bucket.read(job.path("binaryName").asString(), 0, Long.MAX_VALUE)) {
      var digest = MessageDigest.getInstance("SHA-256").digest(artifact.readAllBytes());
      assertThat(HexFormat.of().formatHex(digest)).isEqualTo(job.path("sha256").asString());
    }
  }

  private static List<String> manifests(SlowApp app) throws IOException {
    var folder = Path.of(processes.homeBucket()).resolve("manifests").resolve(app.name());
    try (var files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).toList();
    }
  }

  /** Whether a process is there and works below the test's folder: one that ended does not. */
  private static boolean isRunning(long process) {
    try {
      return Files.readSymbolicLink(Path.of("/proc", String.valueOf(process), "cwd"))
          .startsWith(FOLDER.toRealPath());
    } catch (IOException gone) {
      return false;
    }
  }
}
