package dev.slipway.deploy.prometheus;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.jspecify.annotations.NullMarked;

/** A small server that speaks Prometheus' query API, and says what a test wants. */
@NullMarked
public final class FakePrometheus implements AutoCloseable {
  private final HttpServer server;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile int status = 200;
  private volatile String body = vector("0");
  private volatile boolean stuck;

  public FakePrometheus() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/prometheus/api/v1/query", this::answer);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/prometheus/");
  }

  /** The queries so far, decoded. */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  /** Gives this number as a vector of one series from now on. */
  public void says(String number) {
    says(200, vector(number));
  }

  public void says(int newStatus, String newBody) {
    status = newStatus;
    body = newBody;
  }

  /** Sends the head of an answer and half of its body from now on, and then nothing. */
  public void getsStuck() {
    stuck = true;
  }

  private void answer(HttpExchange exchange) throws IOException {
    var query = exchange.getRequestURI().getRawQuery().replaceFirst("^query=", "");
    asked.add(URLDecoder.decode(query, StandardCharsets.UTF_8));
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    try (var out = exchange.getResponseBody()) {
      if (stuck) {
        out.write(bytes, 0, bytes.length / 2);
        out.flush();
        closed.await();
      } else {
        out.write(bytes);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  static String vector(String number) {
    return "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},\"value\":[1.5,\""
        + number
        + "\"]}]}}";
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
  }
}
