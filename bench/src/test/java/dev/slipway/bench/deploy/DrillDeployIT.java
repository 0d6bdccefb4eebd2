package dev.slipway.bench.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.bench.FreePorts;
import dev.slipway.bench.Results;
import dev.slipway.bench.Run;
import dev.slipway.standalone.Teller;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The drill of {@code ./slipway bench drill-deploy} with four machines and few kills. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class DrillDeployIT {
  @TempDir Path folder;

  @Test
  void whatever_fails_machines_run_what_the_last_deployment_said() throws Exception {
    var run = new Run(true, FreePorts.take(), folder, new Teller(System.out), new Results());
    var found = Drill.run(run, Scale.SHORT);
    assertThat(found.violations()).isEmpty();
    assertThat(found.serviceKills()).isEqualTo(Scale.SHORT.serviceKills());
    assertThat(found.agentKills()).isEqualTo(Scale.SHORT.killRounds() * 2 * Scale.SHORT.machines());
  }
}
