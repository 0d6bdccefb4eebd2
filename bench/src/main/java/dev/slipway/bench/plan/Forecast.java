package dev.slipway.bench.plan;

import dev.slipway.bench.day.Expected;
import dev.slipway.bench.plan.Calibration.Check;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One build's way by the models, with one seed. All times are in seconds.
 *
 * @param workers of whom all but 1 % of the builds wait a minute at most
 * @param queue how long 99 % of the builds wait at most with so many
 * @param busy the part of their time in which they build
 * @param build of mean length
 * @param publish into the home bucket
 * @param replicate from there into every region's bucket, read back
 * @param fanout from the target to the last machine that has the artifact checked and unpacked
 * @param start of the app on it
 * @param swarm the part of {@code fanout} in which bytes travel
 * @param sourceMultiple what a region's agent sends, in artifacts
 * @param crossed the part of what machines get that comes from another zone
 * @param share of a link's rate that becomes bytes of the artifact
 * @param checks of the models against what was measured
 */
record Forecast(
    int workers,
    double queue,
    double busy,
    double build,
    double publish,
    double replicate,
    double fanout,
    double start,
    double swarm,
    double sourceMultiple,
    double crossed,
    double share,
    List<Check> checks) {
  private static final double MINUTE = 60;
  private static final double LONGEST_WAIT = 60;

  /** How long replication-checker takes to look when nothing wakes it. */
  private static final double LOOK = 5;

  /** Computes it. */
  static Forecast of(Settings settings, Measured measured, long seed) throws IOException {
    var calibration = new Calibration(settings, measured, seed);
    var needed = new WorkersNeeded(settings, seed);
    var workers = needed.fewest(LONGEST_WAIT);
    var bytes = settings.artifactGb() * 1e9;
    var written = bytes / 1e6 / measured.get("publish.1GB.gcs.MBps");
    var leaders =
        swarm(
            Party.of(settings.regions(), 1, settings.wideMbit(), settings.homeMbit()),
            bytes,
            calibration,
            seed);
    var machines =
        swarm(
            Party.of(
                settings.machines(),
                settings.zones(),
                settings.machineMbit(),
                settings.agentMbit()),
            bytes,
            calibration,
            seed);
    var meet = Calibration.MEET_SECONDS;
    return new Forecast(
        workers,
        needed.wait(workers, 0.99),
        needed.busy(workers),
        (settings.shortestMin() + settings.longestMin()) / 2 * MINUTE,
        written,
        meet + leaders.seconds() + written + LOOK + bytes * 8 / 1e6 / settings.homeMbit(),
        measured.get("fleet.target_p99_s")
            + meet
            + machines.seconds()
            + bytes / 1e6 / measured.get("machine.MBps"),
        settings.startS(),
        machines.seconds(),
        machines.sourceMultiple(),
        machines.crossed(),
        calibration.share(),
        checks(calibration, measured));
  }

  private static List<Check> checks(Calibration calibration, Measured measured) throws IOException {
    var checks = new ArrayList<>(calibration.checks(measured));
    var pushes = measured.find("day.pushes");
    if (pushes.isPresent()) {
      var leads = Expected.minutes(pushes.get().longValue(), measured.get("walk.overhead_s"));
      // the slowest are those whose worker or region was lost, which is not computed
      checks.add(new Check("day.lead_p50_min", leads.median(), measured.get("day.lead_p50_min")));
    }
    return List.copyOf(checks);
  }

  private static Swarm.Outcome swarm(
      Party party, double bytes, Calibration calibration, long seed) {
    return Swarm.run(party.at(calibration.share()), bytes, Calibration.pieceBytes(bytes), seed);
  }

  /** Against what each stage may take. */
  Budget budget() {
    var stages = new ArrayList<Budget.Stage>();
    stages.add(
        new Budget.Stage(
            "queue",
            1,
            queue / MINUTE,
            "p99 of the wait for one of %d workers".formatted(workers)));
    stages.add(new Budget.Stage("build", 15, build / MINUTE, "a build of mean length"));
    stages.add(new Budget.Stage("publish", 2, publish / MINUTE, "upload to the home bucket"));
    stages.add(
        new Budget.Stage(
            "replicate",
            5,
            replicate / MINUTE,
            "the regions' swarm, each one's upload, a whole read"));
    stages.add(
        new Budget.Stage(
            "deploy",
            5,
            (fanout + start) / MINUTE,
            "told, a region's swarm, checked and unpacked, started"));
    return new Budget(stages);
  }

  /** The largest error of the models. */
  double worstError() {
    return checks.stream().mapToDouble(Check::error).max().orElseThrow();
  }
}
