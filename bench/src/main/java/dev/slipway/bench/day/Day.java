package dev.slipway.bench.day;

import dev.slipway.bench.Memory;
import dev.slipway.bench.Program;
import dev.slipway.bench.Run;
import java.time.Duration;

/** A company's day of pushes in minutes: builds are waits, everything else is the product. */
public final class Day implements Program {
  @Override
  public String name() {
    return "day";
  }

  @Override
  public Duration expected(boolean quick) {
    return quick ? Duration.ofMinutes(5) : Duration.ofMinutes(30);
  }

  @Override
  public boolean hasWarmUp() {
    return false;
  }

  @Override
  public void run(Run run) throws Exception {
    Memory.requireReadable();
    Play.run(run, run.quick() ? Scale.QUICK : Scale.FULL);
  }
}
