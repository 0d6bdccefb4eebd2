package dev.slipway.common.delta;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Fetches spans of an artifact, several at a time, for a while: a source that refuses or fails one
 * of them three times is left alone with the others, as there are other ways.
 */
public final class RangeFetch {
  private static final int TRIES = 3;
  private static final long FIRST_PAUSE_MILLIS = 200;
  private static final long LONGEST_PAUSE_MILLIS = 10_000;
  private static final long LONGEST_SPAN = 4 << 20;

  /** Where ranges are read. */
  @FunctionalInterface
  public interface Source {
    /**
     * Opens a span; it ends, or fails, in bounded time.
     *
     * @throws Busy when it is better to ask later
     */
    InputStream open(Span span) throws IOException, InterruptedException;
  }

  /** The source has too much to do. */
  public static final class Busy extends IOException {
    private static final long serialVersionUID = 1;
    private final transient Duration pause;

    /**
     * @param pause after which it may be asked again
     */
    public Busy(Duration pause) {
      super("the source is busy");
      this.pause = pause;
    }
  }

  private final Source source;
  private final int atATime;
  private final Duration patience;
  private final AtomicLong moved = new AtomicLong();
  private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();

  /**
   * @param atATime spans
   * @param patience after which no further one is begun
   */
  public RangeFetch(Source source, int atATime, Duration patience) {
    this.source = source;
    this.atATime = atATime;
    this.patience = patience;
  }

  /**
   * Fetches spans of whole blocks into an artifact's file.
   *
   * @return why not all of them came; none when they did
   */
  public @Nullable IOException fetch(Patch patch, List<Span> spans) throws InterruptedException {
    var left = new ConcurrentLinkedQueue<Span>();
    spans.forEach(span -> left.addAll(span.cut(LONGEST_SPAN)));
    var deadline = System.nanoTime() + patience.toNanos();
    var threads =
        IntStream.range(0, Math.min(atATime, left.size()))
            .mapToObj(
                i -> Thread.ofVirtual().name("range-" + i).start(() -> work(patch, left, deadline)))
            .toList();
    try {
      for (var thread : threads) {
        thread.join();
      }
    } catch (InterruptedException stopped) {
      threads.forEach(Thread::interrupt);
      for (var thread : threads) {
        thread.join();
      }
      throw stopped;
    }
    return failure.get();
  }

  /** Bytes that came, those included that were not the artifact's. */
  public long moved() {
    return moved.get();
  }

  private void work(Patch patch, Queue<Span> left, long deadline) {
    try {
      for (var span = left.poll(); span != null && failure.get() == null; span = left.poll()) {
        if (System.nanoTime() - deadline > 0) {
          throw new IOException("not all ranges came within " + patience);
        }
        patiently(patch, span);
      }
    } catch (IOException e) {
      failure.compareAndSet(null, e);
    } catch (RuntimeException e) {
      failure.compareAndSet(null, new IOException(e));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void patiently(Patch patch, Span span) throws IOException, InterruptedException {
    for (var tries = 1; ; tries++) {
      try (var in = new Counted(source.open(span))) {
        patch.take(span, in);
        return;
      } catch (IOException e) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        if (tries == TRIES || failure.get() != null) {
          throw e;
        }
        pause(e, tries);
      }
    }
  }

  /** At least as long as was asked for, never the same for everyone. */
  private static void pause(IOException e, int tries) throws InterruptedException {
    var least =
        e instanceof Busy busy
            ? Math.clamp(busy.pause.toMillis(), FIRST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS)
            : FIRST_PAUSE_MILLIS << tries;
    TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextLong(least, 2 * least));
  }

  private final class Counted extends FilterInputStream {
    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      var n = super.read(into, offset, length);
      moved.addAndGet(Math.max(0, n));
      return n;
    }
  }
}
