package dev.slipway.bench.delta;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The files of a folder by HTTP. Of several ranges that are asked for at once it answers the first;
 * zsync then asks for the others.
 */
final class ByteServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Path folder;
  private final AtomicLong served = new AtomicLong();

  private record Range(long from, long to) {}

  ByteServer(Path folder, int port) throws IOException {
    this.folder = folder;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  /** Bytes of bodies that were sent. */
  long served() {
    return served.get();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange;
        var file = new RandomAccessFile(file(exchange).toFile(), "r")) {
      var asked = exchange.getRequestHeaders().getFirst("Range");
      if (asked == null) {
        exchange.sendResponseHeaders(200, file.length());
        send(file, new Range(0, file.length() - 1), exchange.getResponseBody());
      } else {
        answer(exchange, file, first(asked));
      }
    }
  }

  private Path file(HttpExchange exchange) {
    var name = Path.of(exchange.getRequestURI().getPath()).getFileName();
    return folder.resolve(name);
  }

  private static Range first(String asked) {
    var ends = asked.substring("bytes=".length()).split(",", -1)[0].strip().split("-", -1);
    return new Range(Long.parseLong(ends[0]), Long.parseLong(ends[1]));
  }

  private void answer(HttpExchange exchange, RandomAccessFile file, Range range)
      throws IOException {
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes %d-%d/%d".formatted(range.from, range.to, file.length()));
    exchange.sendResponseHeaders(206, range.to - range.from + 1);
    send(file, range, exchange.getResponseBody());
  }

  private void send(RandomAccessFile file, Range range, OutputStream out) throws IOException {
    var buffer = new byte[128 << 10];
    file.seek(range.from);
    for (var left = range.to - range.from + 1; left > 0; ) {
      var n = file.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (n < 0) {
        throw new IOException("asked for more than there is");
      }
      out.write(buffer, 0, n);
      served.addAndGet(n);
      left -= n;
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
