package dev.slipway.bench.fleet;

import dev.slipway.bench.Memory;
import dev.slipway.bench.Run;
import dev.slipway.bench.Samples;
import dev.slipway.bench.fleet.Machines.Polls;
import dev.slipway.bench.machine.Bucket;
import dev.slipway.bench.machine.Centre;
import dev.slipway.bench.machine.Cost;
import dev.slipway.common.access.Secrets;
import dev.slipway.common.target.Release;
import dev.slipway.standalone.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One regional agent and all of its machines: at rest, at a new target, and after its restart. */
final class OneRegion {
  /** As docs/operating.md advises them for ten thousand machines. */
  private static final List<String> FLAGS =
      List.of("-Xmx760m", "-Xmn70m", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders");

  private static final double TOLD = 0.99;
  private static final double TARGET_SECONDS = 2;
  private static final double TARGET_MB = 1_000;
  private static final double TARGET_FAILED = 0.05;

  /** A whole round of long polls, at the least. */
  private static final int REST_SECONDS = 30;

  /** Before the first that counts: an agent that has run for a day has compiled what it does. */
  private static final int WARM_UPS = 3;

  /** Until the machines have done what they were told. */
  private static final int SETTLE_SECONDS = 10;

  private static final Duration LONGEST = Duration.ofMinutes(2);

  private final Run run;
  private final Centre centre;
  private final Agent agent;
  private final Machines machines;
  private final Release release;
  private final Samples rss = new Samples();
  private final Samples p50 = new Samples();
  private final Samples p99 = new Samples();
  private final Samples last = new Samples();
  private long build;

  private OneRegion(Run run, Centre centre, Agent agent, Machines machines, Release release) {
    this.run = run;
    this.centre = centre;
    this.agent = agent;
    this.machines = machines;
    this.release = release;
  }

  static void run(Run run, Scale scale, Bucket bucket, Release release)
      throws IOException, InterruptedException {
    var key = Files.writeString(run.folder().resolve("trusted.pem"), bucket.publicKey());
    var secret = Secrets.random();
    try (var centre = new Centre(run.ports().deployService());
        var agent =
            Agent.start(
                new Agent.Centre(centre.address(), centre.address(), bucket, key, secret),
                Centre.REGION,
                run.ports().region(0),
                FLAGS,
                run.folder().resolve("region"),
                "none")) {
      run.teller().tell("machines", "starting " + scale.machines());
      try (var machines = Machines.start(run, secret, scale.machines(), List.of(agent.address()))) {
        new OneRegion(run, centre, agent, machines, release).measure();
      }
    }
  }

  private void measure() throws IOException, InterruptedException {
    Wait.until("all machines", LONGEST, () -> agent.machines() == machines.count() ? agent : null);
    for (var round = 1 - WARM_UPS; round <= run.rounds(); round++) {
      changeTarget(round);
    }
    rest();
    restart();
    var results = run.results();
    results.figure("fleet.target_p99_s", p99, "s", TARGET_SECONDS);
    results.detail("half of the machines are told", p50, "s");
    results.detail("all of them", last, "s");
    results.figure("fleet.rss_MB", rss, "MB", TARGET_MB);
  }

  private void changeTarget(int round) throws IOException, InterruptedException {
    build++;
    var given =
        centre.give(new Release(build, release.sha256(), release.size(), release.manifest()));
    var told =
        Wait.until(
            "all machines to be told",
            LONGEST,
            () -> {
              TimeUnit.SECONDS.sleep(2);
              var so = machines.told(build);
              return so.size() == machines.count() ? so : null;
            });
    var p = seconds(told.get((int) Math.ceil(told.size() * TOLD) - 1), given);
    run.teller()
        .tell(
            round <= 0 ? "warm-up" : "round " + round + "/" + run.rounds(),
            "99 %% of %d machines told after %.2f s".formatted(told.size(), p));
    if (round > 0) {
      p99.add(p);
      p50.add(seconds(told.get(told.size() / 2), given));
      last.add(seconds(told.getLast(), given));
    }
    TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
    rss.add(Memory.residentMb(agent.handle()));
  }

  private static double seconds(double at, long since) {
    return (at - since) / 1e9;
  }

  private void rest() throws IOException, InterruptedException {
    run.teller().tell("rest", "nothing is to be done for " + REST_SECONDS + " s");
    try (var cost = Cost.of(agent.handle())) {
      var before = machines.polls();
      TimeUnit.SECONDS.sleep(REST_SECONDS);
      var polls = machines.polls().since(before);
      detail("polls a second at rest", (double) polls.answered() / REST_SECONDS, "/s");
      detail("CPU of the agent at rest, of one core", cost.cpuSeconds() / REST_SECONDS * 100, "%");
    }
  }

  /** The polls of the ten seconds after it is ready are its return; those after them count. */
  private void restart() throws IOException, InterruptedException {
    run.teller().tell("restart", "the regional agent is stopped and started");
    var down = System.nanoTime();
    agent.restart();
    detail("restart of the agent", (System.nanoTime() - down) / 1e9, "s");
    var ready = machines.polls();
    var most = 0L;
    var before = ready;
    for (var second = 0; second < 10; second++) {
      TimeUnit.SECONDS.sleep(1);
      var now = machines.polls();
      most = Math.max(most, now.since(before).answered());
      before = now;
    }
    detail("most polls in a second of its return", (double) most, "/s");
    detail("share that failed in these ten seconds", before.since(ready).failedShare(), "");
    TimeUnit.SECONDS.sleep(REST_SECONDS);
    Polls after = machines.polls().since(before);
    run.results().figure("fleet.polls_failed_share", one(after.failedShare()), "", TARGET_FAILED);
    if (agent.machines() != machines.count()) {
      run.results()
          .violated(
              "%d of %d machines have not come back to their regional agent"
                  .formatted(machines.count() - agent.machines(), machines.count()));
    }
  }

  private void detail(String what, double value, String unit) {
    run.results().detail(what, one(value), unit);
  }

  static Samples one(double value) {
    var samples = new Samples();
    samples.add(value);
    return samples;
  }
}
