package dev.slipway.bench.workers;

import dev.slipway.bench.Program;
import dev.slipway.bench.Results;
import dev.slipway.bench.Run;
import dev.slipway.bench.Samples;
import java.time.Duration;

/** Jobs are built while workers, their reaper and the database fail; then it is counted. */
public final class DrillWorkers implements Program {
  @Override
  public String name() {
    return "drill-workers";
  }

  @Override
  public Duration expected(boolean quick) {
    return quick ? Duration.ofMinutes(4) : Duration.ofMinutes(12);
  }

  @Override
  public void run(Run run) throws Exception {
    var found = Drill.run(run, run.quick() ? Scale.QUICK : Scale.FULL);
    var results = run.results();
    count(results, "jobs", found.jobs());
    count(results, "kills", found.kills());
    count(results, "zombies", found.zombies());
    count(results, "lost", found.lost());
    none(results, "accepted_twice", found.acceptedTwice());
    none(results, "stuck", found.stuck());
    none(results, "mismatched", found.mismatched());
    none(results, "left_running", found.leftRunning());
    found.violations().forEach(results::violated);
  }

  private static void count(Results results, String what, long count) {
    results.figure("drill_workers." + what, one(count), "");
  }

  private static void none(Results results, String what, long count) {
    results.figure("drill_workers." + what, one(count), "", 1);
  }

  private static Samples one(long count) {
    var samples = new Samples();
    samples.add((double) count);
    return samples;
  }
}
