package dev.slipway.bench.walk;

import dev.slipway.bench.Memory;
import dev.slipway.bench.Program;
import dev.slipway.bench.Run;
import dev.slipway.bench.Samples;
import java.time.Duration;

/**
 * The walk of one commit through {@code ./slipway up} as a person starts it, in a process of its
 * own, and what that installation and a machine's agent cost.
 */
public final class Walk implements Program {
  @Override
  public String name() {
    return "walk";
  }

  @Override
  public Duration expected(boolean quick) {
    return quick ? Duration.ofMinutes(2) : Duration.ofMinutes(5);
  }

  @Override
  public void run(Run run) throws Exception {
    Memory.requireReadable();
    var ups = new Ups(run);
    var pushes = new Pushes(run);
    var memory = new TreeMemory(run);
    var agents = new Agents(run);
    try (var up = ups.fresh()) {
      pushes.measure(ups.installation());
      memory.measure(up.handle(), ups.installation().data());
    }
    // the same data, so that it has something to go on with: an app on every machine
    try (var up = ups.again()) {
      agents.measure(ups.installation());
      up.requireAlive();
    }
    pushes.report();
    ups.report();
    memory.report();
    agents.report();
  }

  /**
   * Takes a round's value and tells it; the first round is warm-up and does not count.
   *
   * @param told a format of the value
   */
  static void round(Run run, int round, Samples samples, double value, String told) {
    if (round > 0) {
      samples.add(value);
    }
    run.teller()
        .tell(
            round == 0 ? "warm-up" : "round " + round + "/" + run.rounds(), told.formatted(value));
  }
}
