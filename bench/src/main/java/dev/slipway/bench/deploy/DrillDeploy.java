package dev.slipway.bench.deploy;

import dev.slipway.bench.Program;
import dev.slipway.bench.Run;
import java.time.Duration;

/** Builds are deployed while the centre, regions, services and machines fail. */
public final class DrillDeploy implements Program {
  @Override
  public String name() {
    return "drill-deploy";
  }

  @Override
  public Duration expected(boolean quick) {
    return quick ? Duration.ofMinutes(5) : Duration.ofMinutes(15);
  }

  @Override
  public void run(Run run) throws Exception {
    Drill.run(run, run.quick() ? Scale.QUICK : Scale.FULL).report(run.results());
  }
}
