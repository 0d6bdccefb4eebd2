package dev.slipway.bench.day;

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

/** An hour of {@code ./slipway bench day} with sixty pushes. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class DayIT {
  @TempDir Path folder;

  @Test
  void all_that_is_pushed_comes_to_its_machines_in_order() throws Exception {
    var results = new Results();

    Play.run(new Run(true, FreePorts.take(), folder, new Teller(System.out), results), Scale.SHORT);

    assertThat(results.violations()).isEmpty();
    assertThat(results.figures()).anyMatch(line -> line.startsWith("RESULT day.lead_p99_min "));
  }
}
