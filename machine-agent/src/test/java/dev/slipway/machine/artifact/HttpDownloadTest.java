package dev.slipway.machine.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.machine.region.RegionHttp;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
class HttpDownloadTest {
  private static final int SIZE = 1_000_000;

  @TempDir Path folder;
  private final byte[] bytes = new byte[SIZE];
  private final List<String> ranges = new CopyOnWriteArrayList<>();
  private final CountDownLatch released = new CountDownLatch(1);
  private final RegionHttp http = new RegionHttp("secret", new SimpleMeterRegistry());
  private HttpServer server;
  private Path part;

  /** How many bytes each request gets at most, and whether it hangs then. */
  private volatile int most = SIZE;

  private volatile boolean hangs;
  private volatile boolean ranged = true;

  @BeforeEach
  void serve() throws IOException {
    new Random(1).nextBytes(bytes);
    part = folder.resolve("x.part");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    released.countDown();
    server.stop(0);
    http.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    var range = exchange.getRequestHeaders().getFirst("Range");
    ranges.add(String.valueOf(range));
    var from =
        range == null || !ranged ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
    if (from > 0) {
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes %d-%d/%d".formatted(from, SIZE - 1, SIZE));
    }
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, SIZE - from);
    var body = exchange.getResponseBody();
    body.write(Arrays.copyOfRange(bytes, from, Math.min(SIZE, from + most)));
    body.flush();
    if (hangs) {
      await();
    }
    exchange.close();
  }

  private void await() {
    try {
      released.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void fetch(Duration stall) throws Exception {
    new HttpDownload(http, stall)
        .fetch(
            URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/x"),
            part,
            SIZE,
            done -> assertThat(done).isLessThanOrEqualTo(SIZE));
  }

  @Test
  void it_goes_on_from_half_a_file() throws Exception {
    Files.write(part, Arrays.copyOf(bytes, SIZE / 2));
    fetch(Duration.ofSeconds(10));
    assertThat(part).hasBinaryContent(bytes);
    assertThat(ranges).containsExactly("bytes=" + SIZE / 2 + "-");
  }

  @Test
  void it_goes_on_where_a_connection_broke() throws Exception {
    most = SIZE / 3;
    fetch(Duration.ofSeconds(10));
    assertThat(part).hasBinaryContent(bytes);
    assertThat(ranges).hasSizeGreaterThanOrEqualTo(3).startsWith("null");
  }

  @Test
  void a_connection_that_stalls_is_given_up() throws Exception {
    most = SIZE / 2;
    hangs = true;
    fetch(Duration.ofMillis(200));
    assertThat(part).hasBinaryContent(bytes);
    assertThat(ranges).hasSizeGreaterThanOrEqualTo(2);
  }

  @Test
  void a_server_without_ranges_is_read_from_the_start() throws Exception {
    ranged = false;
    Files.write(part, Arrays.copyOf(bytes, SIZE / 2));
    fetch(Duration.ofSeconds(10));
    assertThat(part).hasBinaryContent(bytes);
  }

  @Test
  void it_gives_up_when_nothing_comes() {
    most = 0;
    assertThatThrownBy(() -> fetch(Duration.ofSeconds(10))).isInstanceOf(IOException.class);
    assertThat(ranges).hasSize(5);
  }
}
