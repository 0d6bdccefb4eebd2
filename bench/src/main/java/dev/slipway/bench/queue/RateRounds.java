package dev.slipway.bench.queue;

import dev.slipway.bench.Run;
import dev.slipway.bench.Samples;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Jobs a second: enqueued, and taken and finished. */
final class RateRounds {
  /** The number of workers at which conditions are compared, and of callers that enqueue. */
  private static final int USUAL = 32;

  private static final Map<Integer, Integer> JOBS_BY_WORKERS =
      Map.of(1, 600, 8, 4_000, USUAL, 12_000, 100, 20_000);

  /**
   * So many jobs at the usual number of workers before anything counts: those that run for weeks
   * are not measured while their virtual machines compile them, on the same two cores.
   */
  private static final int WARM_UP = 20_000;

  static final List<Integer> WORKERS = List.of(1, 8, USUAL, 100);

  private final Run run;
  private final Contest contest;
  private final Map<Key, Samples> drains = new LinkedHashMap<>();
  private final Map<String, Samples> enqueues = new LinkedHashMap<>();

  private record Key(Condition condition, String system, int workers) {}

  RateRounds(Run run, Contest contest) {
    this.run = run;
    this.contest = contest;
  }

  void round(int round) throws Exception {
    for (var workers : WORKERS) {
      var told = new ArrayList<String>();
      for (var system : contest.systems(Condition.PLAIN, round)) {
        var rate = take(round, Condition.PLAIN, system, workers);
        told.add("%s %.0f".formatted(system.name(), rate));
        if (workers == USUAL) {
          for (var condition : List.of(Condition.SNAPSHOT, Condition.HISTORY)) {
            var there = contest.under(condition, system.name());
            if (there.isPresent()) {
              take(round, condition, there.get(), workers);
            }
          }
        }
      }
      run.teller()
          .tell(
              Queue.stage(run, round),
              "%d workers, jobs/s: %s".formatted(workers, String.join(", ", told)));
    }
  }

  private double take(int round, Condition condition, QueueSystem system, int workers)
      throws Exception {
    var jobs = jobs(round, condition, workers);
    var place = contest.place(condition);
    if (workers == USUAL && condition == Condition.PLAIN) {
      place.quiet(system.tables());
      var rate = jobs / system.enqueue(jobs, USUAL);
      add(round, enqueues.computeIfAbsent(system.name(), name -> new Samples()), rate);
    } else {
      system.load(jobs);
    }
    place.quiet(system.tables());
    var rate = jobs / system.drain(jobs, workers);
    var key = new Key(condition, system.name(), workers);
    add(round, drains.computeIfAbsent(key, k -> new Samples()), rate);
    return rate;
  }

  private int jobs(int round, Condition condition, int workers) {
    var jobs = JOBS_BY_WORKERS.getOrDefault(workers, 0);
    if (round == 0) {
      return workers == USUAL && condition == Condition.PLAIN ? WARM_UP : jobs / 4;
    }
    return run.quick() ? jobs / 2 : jobs;
  }

  private static void add(int round, Samples samples, double value) {
    if (round > 0) {
      samples.add(value);
    }
  }

  private Samples drain(Condition condition, String system, int workers) {
    return drains.getOrDefault(new Key(condition, system, workers), new Samples());
  }

  private Samples plain(String system, int workers) {
    return drain(Condition.PLAIN, system, workers);
  }

  private List<QueueSystem> all() {
    return contest.systems(Condition.PLAIN, 0);
  }

  void report() {
    for (var system : all()) {
      reportRates(system.name());
    }
    for (var workers : WORKERS) {
      reportRatios(workers);
    }
    reportConditions();
  }

  private void reportRates(String system) {
    var enqueue = enqueues.getOrDefault(system, new Samples());
    for (var workers : WORKERS) {
      run.results()
          .figure(
              "queue.%s.jobs_per_s.w%d".formatted(system, workers), plain(system, workers), "/s");
    }
    for (var workers : WORKERS) {
      run.results()
          .detail(
              "queue.%s.cycles_per_s.w%d".formatted(system, workers),
              Ratios.oneAfterTheOther(enqueue, plain(system, workers)),
              "/s");
    }
    run.results().detail("queue.%s.enqueue_per_s".formatted(system), enqueue, "/s");
  }

  private void reportRatios(int workers) {
    var peers = plain(workers, EnumSet.of(Kind.PEER));
    var slotsPeers = plain(workers, EnumSet.of(Kind.PEER, Kind.PEER_SLOTS));
    var single = plain("slipway", workers);
    var slots = plain("slots", workers);
    var suffix = ".w" + workers;
    run.results()
        .figureAbove("queue.ratio_best_peer" + suffix, Ratios.overBest(single, peers), "x", 1);
    run.results()
        .figureAbove(
            "queue.slots_ratio_best_peer" + suffix, Ratios.overBest(slots, slotsPeers), "x", 1);
    var floor = Ratios.over(single, plain("floor", workers));
    if (workers >= USUAL) {
      run.results().figureAtLeast("queue.ratio_floor" + suffix, floor, "x", 0.7);
    } else {
      run.results().figure("queue.ratio_floor" + suffix, floor, "x");
    }
    run.results()
        .detail(
            "queue.ratio_floor_bare" + suffix,
            Ratios.over(single, plain("floor.bare", workers)),
            "x");
  }

  private List<Samples> plain(int workers, Set<Kind> kinds) {
    return all().stream()
        .filter(system -> kinds.contains(system.kind()))
        .map(system -> plain(system.name(), workers))
        .toList();
  }

  private void reportConditions() {
    run.results().figureAtLeast("queue.snapshot_ratio", snapshot("slipway"), "x", 0.8);
    for (var system : contest.systems(Condition.SNAPSHOT, 0)) {
      if (!system.name().equals("slipway")) {
        run.results().detail("queue.snapshot_ratio." + system.name(), snapshot(system.name()), "x");
      }
    }
    run.results().figure("queue.history_loss", history("slipway"), "", 0.1);
    for (var system : contest.systems(Condition.HISTORY, 0)) {
      if (!system.name().equals("slipway")) {
        run.results().detail("queue.history_loss." + system.name(), history(system.name()), "");
      }
    }
  }

  private Samples snapshot(String system) {
    return Ratios.over(drain(Condition.SNAPSHOT, system, USUAL), plain(system, USUAL));
  }

  private Samples history(String system) {
    return Ratios.lost(plain(system, USUAL), drain(Condition.HISTORY, system, USUAL));
  }
}
