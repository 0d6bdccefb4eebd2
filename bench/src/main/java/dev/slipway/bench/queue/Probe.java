package dev.slipway.bench.queue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Sends jobs one by one to idle workers and measures when their bodies start. */
final class Probe {
  private static final int LONGEST_SECONDS = 30;
  private static final int SHORTEST_PAUSE_MILLIS = 15;

  private final BlockingQueue<Long> starts = new LinkedBlockingQueue<>();

  /** To be called first thing in a job's body. */
  void started() {
    starts.add(System.nanoTime());
  }

  /**
   * See {@link Wakeable#pickups}.
   *
   * @throws IOException when a job is not started for half a minute
   */
  List<Double> run(int probes, Callers.Work enqueue) throws Exception {
    var millis = new ArrayList<Double>();
    for (var i = 0; i < Wakeable.WARM_UP + probes; i++) {
      // of different length, so that it is not in step with anybody's poll
      TimeUnit.MILLISECONDS.sleep(SHORTEST_PAUSE_MILLIS + i * 7 % 20);
      var begun = System.nanoTime();
      enqueue.run();
      var start = starts.poll(LONGEST_SECONDS, TimeUnit.SECONDS);
      if (start == null) {
        throw new IOException("a job was not started within " + LONGEST_SECONDS + " s");
      }
      if (i >= Wakeable.WARM_UP) {
        millis.add((start - begun) / 1e6);
      }
    }
    return millis;
  }
}
