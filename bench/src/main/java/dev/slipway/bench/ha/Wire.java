package dev.slipway.bench.ha;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The way to a server. It can be long and lose some of what it carries, which comes later then, as
 * by TCP, and all that follows it too. And it can freeze: connections are taken then, and nothing
 * moves on any of them.
 */
final class Wire implements AutoCloseable {
  private static final CountDownLatch OPEN = new CountDownLatch(0);
  private static final int ON_ITS_WAY = 256;
  private static final int LARGEST = 16 * 1024;

  /** After which the kernel sends again what was not confirmed, beyond a round trip. */
  private static final Duration RESEND = Duration.ofMillis(200);

  private final ServerSocket server;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile CountDownLatch gate = OPEN;
  private volatile Length length = Length.NONE;

  /**
   * How long it is.
   *
   * @param eachWay for what goes over it
   * @param lost share of the pieces that must be sent again, 0 to 1
   */
  record Length(Duration eachWay, double lost) {
    static final Length NONE = new Length(Duration.ZERO, 0);

    /** How long a piece takes. */
    Duration next() {
      return ThreadLocalRandom.current().nextDouble() < lost
          ? eachWay.multipliedBy(3).plus(RESEND)
          : eachWay;
    }
  }

  /** What was read at a time; nothing, at the end. */
  private static final class Piece {
    private final byte[] bytes;
    private final long dueNanos;

    private Piece(byte[] bytes, long dueNanos) {
      this.bytes = bytes;
      this.dueNanos = dueNanos;
    }

    private boolean isEnd() {
      return bytes.length == 0;
    }
  }

  /**
   * Listens on a free port of loopback.
   *
   * @param target the server's port there
   */
  Wire(int target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().name("wire").start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** From now on it is so long. */
  void stretch(Length now) {
    length = now;
  }

  void freeze() {
    gate = new CountDownLatch(1);
  }

  /** After a freeze: whatever was on its way is lost. */
  void heal() {
    sockets.forEach(Wire::end);
    gate.countDown();
    gate = OPEN;
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        var caller = server.accept();
        Thread.ofVirtual().start(() -> serve(caller));
      } catch (IOException closed) {
        // the condition says so
      }
    }
  }

  private void serve(Socket caller) {
    try (caller;
        var called = new Socket(InetAddress.getLoopbackAddress(), target)) {
      sockets.add(caller);
      sockets.add(called);
      caller.setTcpNoDelay(true);
      called.setTcpNoDelay(true);
      var back = Thread.ofVirtual().start(() -> pass(called, caller));
      pass(caller, called);
      back.join();
    } catch (IOException nobody) {
      // the caller sees its connection end
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } finally {
      sockets.removeIf(Socket::isClosed);
    }
  }

  /** Until one of both ends; then both do. */
  private void pass(Socket from, Socket to) {
    var way = new ArrayBlockingQueue<Piece>(ON_ITS_WAY);
    var reader = Thread.ofVirtual().start(() -> read(from, way));
    try {
      for (var piece = way.take(); !piece.isEnd(); piece = way.take()) {
        gate.await();
        TimeUnit.NANOSECONDS.sleep(piece.dueNanos - System.nanoTime());
        to.getOutputStream().write(piece.bytes);
      }
    } catch (IOException ended) {
      // as when it ends in good order
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } finally {
      end(from);
      end(to);
      reader.interrupt();
    }
  }

  private void read(Socket from, BlockingQueue<Piece> way) {
    try {
      try {
        var bytes = new byte[LARGEST];
        var in = from.getInputStream();
        for (var n = in.read(bytes); n >= 0; n = in.read(bytes)) {
          var due = System.nanoTime() + length.next().toNanos();
          way.put(new Piece(Arrays.copyOf(bytes, n), due));
        }
      } catch (IOException ended) {
        // as when it ends in good order
      }
      way.put(new Piece(new byte[0], 0));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException closedAlready) {
      // that is what was wanted
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    heal();
  }
}
