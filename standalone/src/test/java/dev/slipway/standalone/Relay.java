package dev.slipway.standalone;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.NullMarked;

/** Passes webhooks on, each once, as they come, and remembers how they were answered. */
@NullMarked
final class Relay implements AutoCloseable {
  private final HttpServer server;
  private final URI target;
  private final List<String> answers = new CopyOnWriteArrayList<>();

  Relay(URI target) throws IOException {
    this.target = target;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::pass);
    server.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  /** The status of each delivery, or what went wrong with it. */
  List<String> answers() {
    return answers;
  }

  private void pass(HttpExchange exchange) throws IOException {
    var request =
        HttpRequest.newBuilder(target)
            .timeout(Duration.ofSeconds(10))
            .POST(HttpRequest.BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
    exchange.getRequestHeaders().entrySet().stream()
        .filter(header -> header.getKey().toLowerCase(Locale.ROOT).matches("x-.*|content-type"))
        .forEach(header -> request.header(header.getKey(), header.getValue().getFirst()));
    var status = 502;
    try (var http = HttpClient.newHttpClient()) {
      status = http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
      answers.add(String.valueOf(status));
    } catch (IOException failed) {
      answers.add(failed.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
