package dev.slipway.queue.status;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A forge's statuses call on a real port: keeps what it is told, answers as it is set to. */
final class FakeForge implements AutoCloseable {
  private final HttpServer server;
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final Queue<Answer> answers = new ArrayDeque<>();
  private final CountDownLatch end = new CountDownLatch(1);

  /** A call that came. */
  record Call(String path, JsonNode body, String token) {
    String state() {
      return body.path("state").asString("");
    }
  }

  /** What to answer; a status of 0 is nothing at all. */
  record Answer(int status, String body, Map<String, String> headers) {
    Answer(int status, String body) {
      this(status, body, Map.of());
    }
  }

  FakeForge() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    server.createContext("/", this::take);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  URI address() {
    return URI.create("http://localhost:" + server.getAddress().getPort());
  }

  List<Call> calls() {
    return calls;
  }

  List<String> states() {
    return calls.stream().map(Call::state).toList();
  }

  /** The next calls are answered so; 201 after that. */
  synchronized void answer(Answer... next) {
    answers.addAll(List.of(next));
  }

  private synchronized Answer next() {
    var next = answers.poll();
    return next == null ? new Answer(201, "{\"id\": 1}") : next;
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      var headers = exchange.getRequestHeaders();
      var token =
          headers.getFirst("Authorization") != null
              ? headers.getFirst("Authorization")
              : headers.getFirst("PRIVATE-TOKEN");
      calls.add(
          new Call(
              exchange.getRequestURI().getRawPath(),
              JsonMapper.shared().readTree(exchange.getRequestBody().readAllBytes()),
              token));
      var answer = next();
      if (answer.status() == 0) {
        end.await();
        return;
      }
      answer.headers().forEach(exchange.getResponseHeaders()::set);
      var body = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    end.countDown();
    server.stop(0);
  }
}
