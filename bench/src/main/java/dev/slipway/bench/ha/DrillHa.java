package dev.slipway.bench.ha;

import dev.slipway.bench.Program;
import dev.slipway.bench.Run;
import java.time.Duration;

/** PostgreSQL fails over, freezes and is slow, under two of every service. */
public final class DrillHa implements Program {
  @Override
  public String name() {
    return "drill-ha";
  }

  @Override
  public Duration expected(boolean quick) {
    return quick ? Duration.ofMinutes(5) : Duration.ofMinutes(10);
  }

  @Override
  public void run(Run run) throws Exception {
    Drill.run(run, run.quick() ? Scale.QUICK : Scale.FULL).report(run.results());
  }
}
