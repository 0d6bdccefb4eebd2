package dev.slipway.worker.publish;

import dev.slipway.common.blob.BlobStore;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Passes one stream of bytes to several takers, each on a thread of its own, so that reading,
 * hashing and sending overlap and the slowest of them sets the pace. Blocks are used again and
 * again: memory is bounded whatever passes. For one pass.
 */
final class Pipeline {
  /** Small enough for all blocks to stay in a processor's cache. */
  private static final int BLOCK = 256 << 10;

  /** How far the fastest taker may be ahead of the slowest. */
  private static final int BLOCKS = 16;

  /** Takes all bytes in their order, always on one thread. */
  @FunctionalInterface
  interface Taker {
    void take(byte[] bytes, int offset, int length) throws IOException;
  }

  private final List<Lane> lanes = new ArrayList<>();
  private final BlockingQueue<Block> free = new ArrayBlockingQueue<>(BLOCKS);
  private final Block end = new Block(0);
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  /** Adds a taker. */
  Pipeline to(Taker taker) {
    lanes.add(new Lane(taker));
    return this;
  }

  /**
   * Passes all that the source gives. When it returns or throws, no taker is at work any more.
   *
   * @throws IOException what the source or the first taker that failed has thrown; the others have
   *     stopped then
   */
  void pass(BlobStore.Content source) throws IOException {
    for (var i = 0; i < BLOCKS; i++) {
      free.add(new Block(BLOCK));
    }
    var threads =
        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().name("publish-", 1).factory());
    try (threads) {
      lanes.forEach(threads::execute);
      feed(source, threads);
    }
    throwFailure();
  }

  private void feed(BlobStore.Content source, ExecutorService threads) {
    try {
      var entrance = new Entrance();
      source.writeTo(entrance);
      entrance.flush();
    } catch (IOException | RuntimeException | Error e) {
      failure.compareAndSet(null, e);
      // whoever waits for something, as a slow bucket, is not waited for
      threads.shutdownNow();
    } finally {
      lanes.forEach(lane -> lane.waiting.add(end));
    }
  }

  private void throwFailure() throws IOException {
    switch (failure.get()) {
      case null -> {}
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
  }

  /** Bytes on their way, until the last lane is done with them. */
  private final class Block {
    private final byte[] bytes;
    private final AtomicInteger users = new AtomicInteger();
    private int length;

    Block(int size) {
      bytes = new byte[size];
    }

    void release() {
      if (users.decrementAndGet() == 0) {
        free.add(this);
      }
    }
  }

  /** A taker's thread. After a failure, anybody's, it only gives blocks back. */
  private final class Lane implements Runnable {
    private final Taker taker;
    private final BlockingQueue<Block> waiting = new ArrayBlockingQueue<>(BLOCKS + 1);

    Lane(Taker taker) {
      this.taker = taker;
    }

    @Override
    public void run() {
      try {
        for (var block = waiting.take(); block != end; block = waiting.take()) {
          take(block);
        }
      } catch (InterruptedException stopped) {
        // the feeding side failed; it has the reason
      }
    }

    private void take(Block block) {
      try {
        if (failure.get() == null) {
          taker.take(block.bytes, 0, block.length);
        }
      } catch (IOException | RuntimeException | Error e) {
        failure.compareAndSet(null, e);
      } finally {
        block.release();
      }
    }
  }

  /** Fills blocks and hands them to every lane. */
  private final class Entrance extends OutputStream {
    private Block block = next();

    Entrance() throws IOException {}

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      var from = offset;
      while (from < offset + length) {
        var n = Math.min(offset + length - from, BLOCK - block.length);
        System.arraycopy(bytes, from, block.bytes, block.length, n);
        block.length += n;
        from += n;
        if (block.length == BLOCK) {
          hand();
          block = next();
        }
      }
    }

    @Override
    public void flush() throws IOException {
      if (block.length > 0) {
        hand();
        block = next();
      }
    }

    private void hand() {
      block.users.set(lanes.size());
      lanes.forEach(lane -> lane.waiting.add(block));
    }

    private Block next() throws IOException {
      try {
        var empty = free.take();
        throwFailure();
        empty.length = 0;
        return empty;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("stopped");
      }
    }
  }
}
