package dev.slipway.machine.artifact;

import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.function.IntConsumer;

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

  /** The same bytes; each that comes is a sign of life, and told to {@code pace}. */
  InputStream watch(InputStream in, IntConsumer pace) {
    return new FilterInputStream(in) {
      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        var n = super.read(into, offset, length);
        alive();
        if (n > 0) {
          pace.accept(n);
        }
        return n;
      }
    };
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
