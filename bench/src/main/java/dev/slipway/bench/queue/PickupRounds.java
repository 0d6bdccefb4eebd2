package dev.slipway.bench.queue;

import dev.slipway.bench.Run;
import dev.slipway.bench.Samples;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** From enqueueing to the start of the job, while all workers are idle. */
final class PickupRounds {
  private static final int PROBES = 40;

  /** A round takes long, since some only poll. */
  private static final int MOST_ROUNDS = 3;

  private static final double TARGET_MS = 10;

  private final Run run;
  private final Contest contest;
  private final Map<Key, List<Double>> millis = new LinkedHashMap<>();

  private record Key(String system, int workers) {}

  PickupRounds(Run run, Contest contest) {
    this.run = run;
    this.contest = contest;
  }

  void round(int round) throws Exception {
    if (round > MOST_ROUNDS) {
      return;
    }
    for (var workers : RateRounds.WORKERS) {
      var told = new ArrayList<String>();
      for (var system : contest.systems(Condition.PLAIN, round)) {
        if (system instanceof Wakeable wakeable && isShown(system)) {
          contest.place(Condition.PLAIN).quiet(system.tables());
          var took = wakeable.pickups(workers, probes(round));
          if (round > 0) {
            millis
                .computeIfAbsent(new Key(system.name(), workers), key -> new ArrayList<>())
                .addAll(took);
          }
          told.add("%s %.1f".formatted(system.name(), Ratios.percentile(took, 0.5)));
        }
      }
      run.teller()
          .tell(
              Queue.stage(run, round),
              "%d idle workers, ms to start: %s".formatted(workers, String.join(", ", told)));
    }
  }

  private int probes(int round) {
    return round == 0 ? Wakeable.WARM_UP : run.quick() ? PROBES / 2 : PROBES;
  }

  /** Each way to be woken once; how jobs are taken makes no difference to one job. */
  private static boolean isShown(QueueSystem system) {
    return system.kind() != Kind.PEER_AHEAD
        && !system.name().equals(DbScheduler.Strategy.LOCK_AND_FETCH.title());
  }

  /** The percentile is of all rounds' probes: a round's own has too few. */
  void report() {
    millis.forEach((key, all) -> {
      var p99 = new Samples();
      p99.add(Ratios.percentile(all, 0.99));
      var p50 = new Samples();
      p50.add(Ratios.percentile(all, 0.5));
      var name = "queue.%s.pickup_p99_ms.w%d".formatted(key.system(), key.workers());
      if (key.system().equals("slipway") || key.system().equals("slots")) {
        run.results().figure(name, p99, "ms", TARGET_MS);
      } else {
        run.results().figure(name, p99, "ms");
      }
      run.results()
          .detail("queue.%s.pickup_p50_ms.w%d".formatted(key.system(), key.workers()), p50, "ms");
    });
  }
}
