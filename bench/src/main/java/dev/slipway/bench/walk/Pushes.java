package dev.slipway.bench.walk;

import dev.slipway.bench.Run;
import dev.slipway.bench.Samples;
import dev.slipway.standalone.Api;
import dev.slipway.standalone.Elsewhere;
import dev.slipway.standalone.Journey;
import dev.slipway.standalone.Sample;
import dev.slipway.standalone.Teller;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Pushes commits of the sample app and reads from the APIs when what happened. All times are the
 * database's, but for the build command's own, which the command prints.
 */
final class Pushes {
  private static final double RUNNING_MS = 200;
  private static final double OVERHEAD_S = 5;
  private static final Pattern TOOK = Pattern.compile("walk: the command took (\\d+) ns");

  private final Run run;
  private final Samples toRunning = new Samples();
  private final Samples overhead = new Samples();
  private final Samples command = new Samples();
  private final Samples whole = new Samples();

  Pushes(Run run) {
    this.run = run;
  }

  void measure(Elsewhere installation) throws IOException, InterruptedException {
    var sample = Sample.register(installation, run.folder().resolve("sample"));
    bracketCommand(sample);
    var quiet = new Teller(new PrintStream(OutputStream.nullOutputStream()));
    var journey = new Journey(installation, Sample.APP, quiet);
    var first = sample.pushFirst();
    var build = journey.awaitBuild(first);
    journey.awaitReplicas(build);
    journey.pressDeploy(build);
    journey.awaitMachines(build, first);
    for (var round = 0; round <= run.rounds(); round++) {
      // the push before is done, so that both workers are idle
      var commit = sample.pushNext("Hello for the " + round + "th time");
      var next = journey.awaitBuild(commit);
      journey.awaitReplicas(next);
      journey.awaitMachines(next, commit);
      take(round, installation, next);
    }
  }

  /** Lets the sample's build command print what it took itself, from its first line to its last. */
  private static void bracketCommand(Sample sample) throws IOException {
    sample.edit(
        "slipway.yml", "  command: |\n", "  command: |\n    set -e\n    begun=$(date +%s%N)\n");
    sample.edit(
        "slipway.yml",
        "  artifact:",
        "    echo \"walk: the command took $(( $(date +%s%N) - begun )) ns\"\n  artifact:");
  }

  private void take(int round, Elsewhere installation, long build)
      throws IOException, InterruptedException {
    var queue = new Api(installation.queue(), installation.adminToken());
    var console = new Api(installation.console(), installation.adminToken());
    var job = queue.get("/api/v1/jobs/" + build);
    var accepted = time(job.path("createdAt"));
    var took = tookSeconds(queue.text("/api/v1/jobs/" + build + "/log"));
    var healthy = healthySince(console.get("/api/v1/builds/" + build + "/timeline"));
    var seconds = seconds(accepted, healthy);
    Walk.round(
        run,
        round,
        toRunning,
        seconds(accepted, time(job.path("startedAt"))) * 1000,
        "build #" + build + " RUNNING %.1f ms after its push");
    Walk.round(
        run, round, overhead, seconds - took, "all machines healthy, less the command: %.2f s");
    if (round > 0) {
      command.add(took);
      whole.add(seconds);
    }
  }

  private static double tookSeconds(String log) throws IOException {
    var took = TOOK.matcher(log);
    if (!took.find()) {
      throw new IOException("the build's log does not say how long its command took");
    }
    return Long.parseLong(took.group(1)) / 1e9;
  }

  /** When the deployment ended, which is when the last machine had reported that it is healthy. */
  private static Instant healthySince(JsonNode timeline) throws IOException {
    for (var stage : timeline.path("stages")) {
      if ("deploy".equals(stage.path("name").asString())) {
        return time(stage.path("until"));
      }
    }
    throw new IOException("the build's timeline has no deployment in it");
  }

  private static Instant time(JsonNode value) {
    return Instant.parse(value.asString());
  }

  private static double seconds(Instant from, Instant until) {
    return Duration.between(from, until).toNanos() / 1e9;
  }

  void report() {
    run.results().figure("walk.push_to_running_ms", toRunning, "ms", RUNNING_MS);
    run.results().figure("walk.overhead_s", overhead, "s", OVERHEAD_S);
    run.results().detail("push to all machines healthy", whole, "s");
    run.results().detail("of that the build command itself", command, "s");
  }
}
