package dev.slipway.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.slipway.client.training.FourPorts;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.NullMarked;

/** Services that answer what a test wants, and note what they were asked. */
@NullMarked
public final class FakeInstallation implements AutoCloseable {
  private final Map<String, HttpHandler> answers = new ConcurrentHashMap<>();
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private final FourPorts services;
  private final Path token;

  /**
   * @param folder for the token's file
   */
  public FakeInstallation(Path folder) throws IOException {
    services = FourPorts.open(this::answer);
    token = Files.writeString(folder.resolve("token"), "secret\n");
  }

  /** What a command printed, and its exit code. */
  public record Ran(int code, String out, String err) {}

  /** Answers a path with JSON. */
  public FakeInstallation json(String path, String json) {
    return answer(path, exchange -> send(exchange, 200, json));
  }

  /** Refuses a path. */
  public FakeInstallation refuse(String path, int status, String code, String detail) {
    return answer(
        path,
        exchange ->
            send(exchange, status, "{\"code\":\"%s\",\"detail\":\"%s\"}".formatted(code, detail)));
  }

  public FakeInstallation answer(String path, HttpHandler handler) {
    answers.put(path, handler);
    return this;
  }

  /** Method, path with query, token and body of every call. */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  public URI address() {
    return services.address();
  }

  public Path token() {
    return token;
  }

  /** Runs a command that calls these services. */
  public Ran run(String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--url", address().toString(), "--token-file", token.toString()));
    return runAlone(all.toArray(String[]::new));
  }

  /** Runs a command as it is. */
  public static Ran runAlone(String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    var code = Slipway.run(new PrintWriter(out), new PrintWriter(err), arguments);
    return new Ran(code, out.toString(), err.toString());
  }

  private void answer(HttpExchange exchange) throws IOException {
    var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    asked.add(
        "%s %s %s %s"
            .formatted(
                exchange.getRequestMethod(),
                exchange.getRequestURI(),
                exchange.getRequestHeaders().getFirst("Authorization"),
                body));
    var handler = answers.get(exchange.getRequestURI().getPath());
    if (handler == null) {
      send(exchange, 404, "{\"code\":\"not-found\",\"detail\":\"that does not exist\"}");
    } else {
      handler.handle(exchange);
    }
  }

  public static void send(HttpExchange exchange, int status, String text) throws IOException {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  @Override
  public void close() {
    services.close();
  }
}
