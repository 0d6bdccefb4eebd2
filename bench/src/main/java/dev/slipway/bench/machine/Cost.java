package dev.slipway.bench.machine;

import dev.slipway.bench.Memory;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What a process takes from now on. */
public final class Cost implements AutoCloseable {
  private static final int LOOK_MILLIS = 50;

  private final ProcessHandle process;
  private final Duration before;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile double peakMb;

  private Cost(ProcessHandle process) {
    this.process = process;
    this.before = cpu(process);
  }

  /** From now on. */
  public static Cost of(ProcessHandle process) {
    var cost = new Cost(process);
    Thread.ofPlatform().daemon().name("memory").start(cost::look);
    return cost;
  }

  private void look() {
    try {
      do {
        peakMb = Math.max(peakMb, Memory.anonymousMb(process));
      } while (!closed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** Seconds of CPU, of all cores together. */
  public double cpuSeconds() {
    return cpu(process).minus(before).toNanos() / 1e9;
  }

  /** The most that was resident so far, page cache apart, as seen each 50 ms; in MB. */
  public double peakMb() {
    return peakMb;
  }

  private static Duration cpu(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
