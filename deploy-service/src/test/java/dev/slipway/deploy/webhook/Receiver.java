package dev.slipway.deploy.webhook;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.jspecify.annotations.NullMarked;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A receiver on a real port, which answers as it is told. */
@NullMarked
final class Receiver implements AutoCloseable {
  private final HttpServer server;
  private final List<Got> got = new CopyOnWriteArrayList<>();
  volatile int status = 204;
  volatile String location = "";

  Receiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::take);
    server.start();
  }

  /** What came. */
  record Got(String path, String id, long timestamp, String signature, String body) {
    JsonNode json() {
      return JsonMapper.shared().readTree(body);
    }
  }

  private void take(HttpExchange exchange) throws IOException {
    var headers = exchange.getRequestHeaders();
    got.add(
        new Got(
            exchange.getRequestURI().toString(),
            String.valueOf(headers.getFirst("webhook-id")),
            Long.parseLong(String.valueOf(headers.getFirst("webhook-timestamp"))),
            String.valueOf(headers.getFirst("webhook-signature")),
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
    if (!location.isEmpty()) {
      exchange.getResponseHeaders().set("Location", location);
    }
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook");
  }

  List<Got> got() {
    return List.copyOf(got);
  }

  List<String> types() {
    return got.stream().map(g -> g.json().path("type").asString()).toList();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
