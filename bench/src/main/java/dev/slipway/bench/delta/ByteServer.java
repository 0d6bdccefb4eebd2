package dev.slipway.bench.delta;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** The files of a folder by HTTP, also several ranges at once, which zsync asks for. */
final class ByteServer implements AutoCloseable {
  private static final String BOUNDARY = "between-two-ranges";

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

  /** Bytes of bodies that were sent, what separates ranges left out. */
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
        answer(exchange, file, ranges(asked));
      }
    }
  }

  private Path file(HttpExchange exchange) {
    var name = Path.of(exchange.getRequestURI().getPath()).getFileName();
    return folder.resolve(name);
  }

  private static List<Range> ranges(String asked) {
    var ranges = new ArrayList<Range>();
    for (var range : asked.substring("bytes=".length()).split(",", -1)) {
      var ends = range.strip().split("-", -1);
      ranges.add(new Range(Long.parseLong(ends[0]), Long.parseLong(ends[1])));
    }
    return ranges;
  }

  private void answer(HttpExchange exchange, RandomAccessFile file, List<Range> ranges)
      throws IOException {
    var headers = exchange.getResponseHeaders();
    if (ranges.size() == 1) {
      var range = ranges.getFirst();
      headers.set("Content-Range", contentRange(range, file.length()));
      exchange.sendResponseHeaders(206, range.to - range.from + 1);
      send(file, range, exchange.getResponseBody());
      return;
    }
    headers.set("Content-Type", "multipart/byteranges; boundary=" + BOUNDARY);
    exchange.sendResponseHeaders(206, 0);
    var out = exchange.getResponseBody();
    for (var range : ranges) {
      print(
          out,
          "\r\n--%s\r\nContent-Type: application/octet-stream\r\nContent-Range: %s\r\n\r\n"
              .formatted(BOUNDARY, contentRange(range, file.length())));
      send(file, range, out);
    }
    print(out, "\r\n--" + BOUNDARY + "--\r\n");
  }

  private static String contentRange(Range range, long size) {
    return "bytes %d-%d/%d".formatted(range.from, range.to, size);
  }

  private static void print(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
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
