package dev.slipway.bench.queue;

import dev.slipway.bench.Program;
import dev.slipway.bench.Run;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Slipway's job queue beside others on one PostgreSQL: rates, latencies, and what disturbs them.
 */
public final class Queue implements Program {
  @Override
  public String name() {
    return "queue";
  }

  @Override
  public Duration expected(boolean quick) {
    return quick ? Duration.ofMinutes(12) : Duration.ofMinutes(40);
  }

  @Override
  public void run(Run run) throws Exception {
    // before anybody logs: the terminal is for people
    System.setProperty("slipway.log", run.folder().resolve("slipway.log").toString());
    var node = NodeModules.fetch(cache(), run.folder().resolve("peers.log"), run.teller());
    try (var server = Server.start(run.folder().resolve("postgres"), run.ports().database())) {
      run.teller()
          .line(
              "PostgreSQL %s; fsync, synchronous_commit and full_page_writes are on."
                  .formatted(server.version()));
      try (var contest = Contest.open(run, server, node)) {
        var rates = new RateRounds(run, contest);
        var pickups = new PickupRounds(run, contest);
        var hint = new HintRounds(run, contest);
        var hot = new HotShare(run, contest);
        hot.measure();
        for (var round = 0; round <= run.rounds(); round++) {
          rates.round(round);
          pickups.round(round);
          hint.round(round);
        }
        rates.report();
        pickups.report();
        hint.report();
        hot.report();
      }
    }
  }

  /** Kept for the next run, beside what the build made. */
  private static Path cache() {
    return Path.of(System.getProperty("slipway.launcher", "slipway"))
        .toAbsolutePath()
        .resolveSibling("bench/target/queue-peers");
  }

  /** Says which round it is; the first does not count. */
  static String stage(Run run, int round) {
    return round == 0 ? "warm-up" : "round " + round + "/" + run.rounds();
  }
}
