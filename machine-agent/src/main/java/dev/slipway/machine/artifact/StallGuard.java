package dev.slipway.machine.artifact;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;

/** Closes something when it has shown no life for a while, so that a blocked read ends. */
final class StallGuard implements AutoCloseable {
  private final Closeable watched;
  private final long stallNanos;
  private final Thread watcher;
  private volatile long lastNanos = System.nanoTime();

  StallGuard(Closeable watched, Duration stall) {
    this.watched = watched;
    this.stallNanos = stall.toNanos();
    this.watcher = Thread.ofVirtual().name("stall-guard").start(this::watch);
  }

  void alive() {
    lastNanos = System.nanoTime();
  }

  private void watch() {
    try {
      for (var left = stallNanos; left > 0; left = lastNanos + stallNanos - System.nanoTime()) {
        Thread.sleep(Duration.ofNanos(left));
      }
      watched.close();
    } catch (InterruptedException done) {
      // the normal end
    } catch (IOException closedAlready) {
      // then the read has ended too
    }
  }

  @Override
  public void close() {
    watcher.interrupt();
  }
}
