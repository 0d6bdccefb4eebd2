package dev.slipway.bench.queue;

import dev.slipway.bench.Run;
import dev.slipway.bench.Samples;
import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.ListenerStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;

/** What it costs enqueueing to tell idle workers, one of which listens. */
final class HintRounds {
  private static final int JOBS = 3_000;
  private static final int CALLERS = 32;
  private static final double TARGET = 0.1;

  private final Run run;
  private final Contest contest;
  private final Samples without = new Samples();
  private final Samples with = new Samples();

  HintRounds(Run run, Contest contest) {
    this.run = run;
    this.contest = contest;
  }

  void round(int round) throws Exception {
    var slipway = contest.slipway();
    var place = contest.place(Condition.PLAIN);
    var listener =
        new ListenerStore(
            place.dataSource(), Map.of(Channel.JOB_QUEUED, () -> {}), new SimpleMeterRegistry());
    try {
      take(round, slipway);
    } finally {
      listener.close();
    }
  }

  /** Now one is first, now the other. */
  private void take(int round, Slipway slipway) throws Exception {
    var hintFirst = round % 2 == 0;
    var first = rate(round, slipway, hintFirst);
    var second = rate(round, slipway, !hintFirst);
    var told = hintFirst ? first : second;
    var silent = hintFirst ? second : first;
    if (round > 0) {
      with.add(told);
      without.add(silent);
    }
    run.teller()
        .tell(
            Queue.stage(run, round),
            "enqueueing with the hint %.0f/s, without %.0f/s".formatted(told, silent));
  }

  private double rate(int round, Slipway slipway, boolean hint) throws Exception {
    slipway.clear();
    contest.place(Condition.PLAIN).quiet(slipway.tables());
    var jobs = round == 0 || run.quick() ? JOBS / 2 : JOBS;
    var seconds = hint ? slipway.enqueue(jobs, CALLERS) : slipway.enqueueWithoutHint(jobs, CALLERS);
    slipway.clear();
    return jobs / seconds;
  }

  void report() {
    run.results().figure("queue.hint_cost", Ratios.lost(without, with), "", TARGET);
    run.results().detail("queue.enqueue_with_hint_per_s", with, "/s");
    run.results().detail("queue.enqueue_without_hint_per_s", without, "/s");
  }
}
