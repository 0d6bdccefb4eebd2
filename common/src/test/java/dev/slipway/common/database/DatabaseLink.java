package dev.slipway.common.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/** The way to the database, which can freeze: connections are taken, and nothing moves on them. */
public final class DatabaseLink implements AutoCloseable {
  private final ServerSocket server;
  private final int target;
  private final AtomicReference<CountDownLatch> open = new AtomicReference<>(new CountDownLatch(0));

  /**
   * Listens on a free port of loopback.
   *
   * @param target the database's port there
   */
  public DatabaseLink(int target) {
    this.target = target;
    try {
      server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.startVirtualThread(this::accept);
  }

  /** Where it listens. */
  public int port() {
    return server.getLocalPort();
  }

  /** Nothing moves any more, until {@link #thaw}. */
  public void freeze() {
    open.set(new CountDownLatch(1));
  }

  /** All goes on, what waited too. */
  public void thaw() {
    open.get().countDown();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        var near = server.accept();
        var far = new Socket(InetAddress.getLoopbackAddress(), target);
        Thread.startVirtualThread(() -> pump(near, far));
        Thread.startVirtualThread(() -> pump(far, near));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void pump(Socket from, Socket to) {
    try (from;
        to) {
      copy(from.getInputStream(), to.getOutputStream());
    } catch (IOException | InterruptedException ended) {
      // so does the connection
    }
  }

  private void copy(InputStream from, OutputStream to) throws IOException, InterruptedException {
    var bytes = new byte[8192];
    for (var n = from.read(bytes); n >= 0; n = from.read(bytes)) {
      open.get().await();
      to.write(bytes, 0, n);
    }
  }

  @Override
  public void close() {
    thaw();
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
