package dev.slipway.bench.workers;

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

/** The drill of {@code ./slipway bench drill-workers} with a hundred jobs. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class DrillWorkersIT {
  @TempDir Path folder;

  @Test
  void whatever_fails_every_job_ends_once() throws Exception {
    var run = new Run(true, FreePorts.take(), folder, new Teller(System.out), new Results());
    var found = Drill.run(run, Scale.SHORT);
    assertThat(found.violations()).as("%s", found).isEmpty();
    assertThat(found.kills()).isEqualTo(Scale.SHORT.kills());
    assertThat(found.lost()).isPositive();
  }
}
