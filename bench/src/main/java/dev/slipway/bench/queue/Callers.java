package dev.slipway.bench.queue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Threads that begin together. */
final class Callers {
  private static final int LONGEST_SECONDS = 180;

  private Callers() {}

  /** What one thread does. */
  interface Work {
    void run() throws Exception;
  }

  /**
   * Lets every work have a thread.
   *
   * @return the seconds from when all were ready to when the last was through
   * @throws IOException when one has failed, or when they take too long
   */
  static double seconds(List<? extends Work> works) throws IOException, InterruptedException {
    var ready = new CountDownLatch(works.size());
    var go = new CountDownLatch(1);
    var threads = Executors.newFixedThreadPool(works.size());
    try {
      var running = new ArrayList<Future<?>>();
      for (var work : works) {
        running.add(
            threads.submit(() -> {
              ready.countDown();
              go.await();
              work.run();
              return null;
            }));
      }
      ready.await();
      var begun = System.nanoTime();
      go.countDown();
      for (var one : running) {
        one.get(LONGEST_SECONDS, TimeUnit.SECONDS);
      }
      return (System.nanoTime() - begun) / 1e9;
    } catch (ExecutionException failed) {
      throw new IOException("a caller has failed: " + failed.getCause(), failed.getCause());
    } catch (TimeoutException slow) {
      throw new IOException("callers took longer than " + LONGEST_SECONDS + " s", slow);
    } finally {
      threads.shutdownNow();
    }
  }
}
