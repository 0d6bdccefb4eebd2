package dev.slipway.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.access.Secrets;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Everything is replaced by new processes while commits are pushed, built and deployed, as a
 * rolling upgrade does it: the global services all at once, with two of a kind at work for a while,
 * then a region's agent, its machines' agents and a worker. Nothing may be lost, nobody turned
 * away, and what machines run runs on. The schema comes by a run of its own, for which the services
 * wait.
 */
@NullMarked
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class RollingUpgradeIT {
  private static final Path FOLDER = Path.of("target", "rolling").toAbsolutePath();
  private static final String APP = "steadily";
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** Not the pool that all share: on a small host that has a single thread. */
  private static final Executor BESIDE = Executors.newVirtualThreadPerTaskExecutor();

  private static Processes processes;

  @BeforeAll
  static void start() throws Exception {
    processes = Processes.startReplaceable(FOLDER);
  }

  @AfterAll
  static void end() throws Exception {
    if (processes != null) {
      processes.close();
    }
  }

  @Test
  void every_service_is_replaced_and_nothing_is_lost() throws Exception {
    var over = new AtomicBoolean();
    var resting = RestingApp.start(processes);
    try (var relay = new Relay(processes.queue().resolve("/webhooks/github"))) {
      var repository = register(relay);
      var slow = SlowApp.push(processes, "slowly");
      var holder = slow.awaitTaken(1);
      slow.awaitStarted(1);
      var commits =
          CompletableFuture.supplyAsync(() -> unchecked(() -> pushUntil(over, repository)), BESIDE);
      var refusals = CompletableFuture.supplyAsync(() -> readUntil(over, resting), BESIDE);
      try {
        replaceAll(commits);
        awaitAnother(commits);
        restartWorker(holder, slow);
      } finally {
        over.set(true);
      }
      var last = commits.get(5, TimeUnit.MINUTES);
      assertThat(refusals.get(1, TimeUnit.MINUTES)).as("calls that failed").isEmpty();
      assertThat(relay.answers()).hasSize(last.size()).containsOnly("202");
      requireAllBuiltAndDeployed(last);
      requireKept(slow, holder);
    }
  }

  /** All but the workers, one of which builds meanwhile. */
  private static void replaceAll(CompletableFuture<?> commits) throws Exception {
    awaitAnother(commits);
    processes.replace(
        List.of(
            "build-queue-service", "deploy-service", "replication-checker", "heartbeat-reaper"));
    awaitAnother(commits);
    processes.restart("regional-agent-" + Processes.REGION);
    processes.awaitReady("regional-agent-" + Processes.REGION, processes.regionalAgent(0));
    awaitAnother(commits);
    for (var machine = 1; machine <= processes.size().machines(); machine++) {
      processes.restart("machine-agent-" + machine);
    }
  }

  /** A build that is under way keeps its worker while who takes its heartbeats is replaced. */
  private static void requireKept(SlowApp slow, String holder) throws Exception {
    var held = slow.awaitEnd();
    assertThat(held.path("status").asString()).isEqualTo("SUCCEEDED");
    assertThat(held.path("attempt").asInt()).isEqualTo(1);
    assertThat(held.path("worker").asString()).isEqualTo(holder);
  }

  /** It is asked to end while it builds: the build ends there, and the worker then. */
  private static void restartWorker(String holder, SlowApp slow) throws Exception {
    var name = "build-" + holder.replaceFirst("/.*", "");
    var restarted =
        CompletableFuture.runAsync(
            () ->
                unchecked(() -> {
                  processes.restart(name);
                  return name;
                }),
            BESIDE);
    Wait.until(
        "worker " + holder + " to take nothing more",
        PATIENCE,
        () -> isDraining(holder) ? holder : null);
    slow.letGo(1);
    restarted.get(3, TimeUnit.MINUTES);
  }

  private static boolean isDraining(String worker) throws IOException {
    return Journey.each(get(processes.queue(), "/api/v1/workers").path("workers"))
        .anyMatch(each ->
            each.path("name").asString().equals(worker) && each.path("draining").asBoolean());
  }

  private static SampleRepository register(Relay relay) throws IOException, InterruptedException {
    var secret = Secrets.random();
    var repository = SampleRepository.create(FOLDER.resolve(APP), relay.address(), secret);
    new Api(processes.queue(), processes.adminToken())
        .put(
            "/api/v1/apps/" + APP,
            Map.of("repository", repository.address(), "webhookSecret", secret));
    repository.replace("slipway.yml", "auto: false", "auto: true");
    return repository;
  }

  /** One commit after the other, each of which deploys itself; all of them in the end. */
  private static List<String> pushUntil(AtomicBoolean over, SampleRepository repository)
      throws Exception {
    var commits = new ArrayList<String>();
    do {
      repository.replaceLine(
          "Hello.java",
          "  private static final String GREETING",
          " = \"hello %d\";".formatted(commits.size()));
      var commit = repository.push("Say hello " + commits.size());
      commits.add(commit);
      Wait.until("the deployment of " + commit, PATIENCE, () -> deployed(commit));
    } while (!over.get());
    return commits;
  }

  private static @Nullable JsonNode deployed(String commit) throws IOException {
    var build =
        jobs().stream().filter(j -> commit.equals(j.path("commit").asString(""))).findFirst();
    if (build.isEmpty()) {
      return null;
    }
    var id = build.get().path("id").asLong();
    return deployments().stream()
        .filter(d -> d.path("build").asLong() == id)
        .filter(d -> "SUCCEEDED".equals(d.path("status").asString()))
        .findFirst()
        .orElse(null);
  }

  private static List<JsonNode> jobs() throws IOException {
    return Journey.each(get(processes.queue(), "/api/v1/jobs?limit=100&app=" + APP).path("jobs"))
        .toList();
  }

  private static List<JsonNode> deployments() throws IOException {
    return Journey.each(
            get(processes.console(), "/api/v1/deployments?limit=100&app=" + APP)
                .path("deployments"))
        .toList();
  }

  /** What people look at and call, again and again; the calls that failed. */
  private static List<String> readUntil(AtomicBoolean over, RestingApp resting) {
    var failed = new CopyOnWriteArrayList<String>();
    while (!over.get()) {
      try {
        get(processes.queue(), "/api/v1/apps");
        get(processes.console(), "/api/v1/deployments?limit=10");
        get(processes.replication(), "/api/v1/regions");
        resting.requireSame();
        TimeUnit.MILLISECONDS.sleep(50);
      } catch (IOException | RuntimeException e) {
        failed.add(e.toString());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return failed;
      }
    }
    return failed;
  }

  /** So that each replacement has a commit of its own to get in the way of. */
  private static void awaitAnother(CompletableFuture<?> pusher) throws Exception {
    var before = jobCount(pusher);
    Wait.until("another commit", PATIENCE, () -> jobCount(pusher) > before ? before : null);
  }

  private static int jobCount(CompletableFuture<?> pusher) throws IOException {
    if (pusher.isCompletedExceptionally()) {
      pusher.join();
    }
    return jobs().size();
  }

  private static void requireAllBuiltAndDeployed(List<String> commits) throws Exception {
    var jobs = jobs();
    assertThat(jobs).hasSize(commits.size());
    assertThat(jobs)
        .allSatisfy(job -> {
          assertThat(job.path("status").asString()).isEqualTo("SUCCEEDED");
          assertThat(job.path("attempt").asInt()).isEqualTo(1);
          assertThat(job.path("foundBy").asString()).isEqualTo("WEBHOOK");
        });
    assertThat(deployments())
        .hasSize(commits.size())
        .allSatisfy(
            deployment -> assertThat(deployment.path("status").asString()).isEqualTo("SUCCEEDED"));
    for (var machine = 0; machine < processes.size().machines(); machine++) {
      assertThat(Fleet.answers(processes.app(machine, APP), commits.getLast())).isTrue();
    }
  }

  /**
   * By a connection of its own, as an ingress takes a service's pod for each request anew: a
   * connection that is kept is refused by a process that is asked to end.
   */
  private static JsonNode get(URI service, String path) throws IOException {
    var call = (HttpURLConnection) service.resolve(path).toURL().openConnection();
    call.setConnectTimeout(10_000);
    call.setReadTimeout(10_000);
    call.setRequestProperty("Authorization", "Bearer " + processes.adminToken());
    call.setRequestProperty("Connection", "close");
    try (var answer = call.getInputStream()) {
      return JsonMapper.shared().readTree(answer);
    }
  }

  private interface Step<T> {
    T take() throws Exception;
  }

  private static <T> T unchecked(Step<T> step) {
    try {
      return step.take();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
