package dev.slipway.standalone.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.standalone.Slipway;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the commands ask of deploy-service. */
@NullMarked
@SuppressWarnings("NullAway.Init")
class CommandsTest {
  private static final String DEPLOYMENT =
      "{\"id\":7,\"app\":\"hello\",\"build\":3,\"status\":\"ROLLING\"}";

  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private HttpServer server;

  @TempDir private Path folder;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    Files.writeString(folder.resolve("token"), "secret\n");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getPath();
    // what is told before the button is pressed
    if (path.endsWith("/preview")) {
      send(exchange, 200, "{\"build\":3,\"deployable\":true}");
      return;
    }
    asked.add(
        exchange.getRequestMethod()
            + " "
            + path
            + " "
            + exchange.getRequestHeaders().getFirst("Authorization")
            + " "
            + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    var answer = path.endsWith("/pause") ? "{\"deployment\":" + DEPLOYMENT + "}" : DEPLOYMENT;
    send(exchange, path.contains("nobody") ? 404 : 200, answer);
  }

  private static void send(HttpExchange exchange, int status, String answer) throws IOException {
    var bytes = answer.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private int run(String... arguments) {
    var all = new ArrayList<>(Arrays.asList(arguments));
    all.addAll(
        List.of(
            "--url",
            "http://127.0.0.1:" + server.getAddress().getPort(),
            "--token-file",
            folder.resolve("token").toString()));
    return new CommandLine(new Slipway()).execute(all.toArray(String[]::new));
  }

  @Test
  void each_asks_with_the_token_for_what_it_was_told() {
    assertThat(run("rollback", "hello")).isZero();
    assertThat(run("rollback", "hello", "2")).isZero();
    assertThat(run("deployment", "pause", "7")).isZero();
    assertThat(run("deploy", "hello", "3")).isZero();
    assertThat(asked.get(0))
        .isEqualTo("POST /api/v1/apps/hello/rollback Bearer secret {\"waves\":false}");
    assertThat(asked.get(1)).contains("\"build\":2");
    assertThat(asked.get(2)).isEqualTo("POST /api/v1/deployments/7/pause Bearer secret {}");
    assertThat(asked.get(3))
        .startsWith("POST /api/v1/deployments ")
        .contains("\"app\":\"hello\"", "\"build\":3")
        .doesNotContain("override");
    assertThat(run("deploy", "hello", "3", "--override", "down")).isZero();
    assertThat(asked.get(4)).contains("\"override\":\"down\"");
  }

  @Test
  void a_refusal_or_a_missing_word_is_no_success() {
    assertThat(run("rollback", "nobody")).isNotZero();
    assertThat(run("rollback")).isNotZero();
    assertThat(run("deploy", "hello", "many")).isNotZero();
  }
}
