package dev.slipway.deploy.webhook;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.NullMarked;

/** Reads what is sent to it, says half a word and dies, or waits. */
@NullMarked
final class DyingReceiver implements AutoCloseable {
  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

  DyingReceiver() throws IOException {
    Thread.ofVirtual().start(this::accept);
  }

  URI url(String path) {
    return URI.create("http://127.0.0.1:" + server.getLocalPort() + path);
  }

  private void accept() {
    try {
      while (true) {
        var socket = server.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException closed) {
      // the test is over
    }
  }

  private static void serve(Socket socket) {
    try (socket) {
      var read = new byte[8_192];
      var asked =
          new String(read, 0, socket.getInputStream().read(read), StandardCharsets.US_ASCII);
      socket.getOutputStream().write("HTTP/1.1 20".getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      if (asked.startsWith("POST /slow")) {
        // until the caller has gone
        while (socket.getInputStream().read(read) >= 0) {}
      }
    } catch (IOException gone) {
      // so be it
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
