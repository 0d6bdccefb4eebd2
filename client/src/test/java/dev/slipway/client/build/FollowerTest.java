package dev.slipway.client.build;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.slipway.client.FakeInstallation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs that are followed. */
@NullMarked
@SuppressWarnings("NullAway.Init")
class FollowerTest {
  private final List<String> connections = Collections.synchronizedList(new ArrayList<>());
  @TempDir private Path folder;
  private FakeInstallation services;

  @BeforeEach
  void start() throws IOException {
    services = new FakeInstallation(folder).json("/api/v1/jobs/5", "{\"failure\":\"exit code 2\"}");
  }

  @AfterEach
  void stop() {
    services.close();
  }

  private void follow(String first, String second) {
    services.answer(
        "/api/v1/jobs/5/log",
        exchange -> {
          connections.add(lastEventId(exchange));
          stream(exchange, connections.size() == 1 ? first : second);
        });
  }

  private static String lastEventId(HttpExchange exchange) {
    return Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Last-Event-ID"), "");
  }

  /** Says more than it sends, so that a connection breaks off in the middle. */
  private static void stream(HttpExchange exchange, String events) throws IOException {
    var bytes = events.getBytes(StandardCharsets.UTF_8);
    var whole = events.contains("event: end");
    exchange.sendResponseHeaders(200, whole ? bytes.length : bytes.length + 1000);
    exchange.getResponseBody().write(bytes);
    exchange.getResponseBody().flush();
    exchange.close();
  }

  @Test
  void a_lost_connection_goes_on_where_it_broke_off() {
    follow(
        "event: attempt\ndata: 1\n\nid: 1-9\nevent: log\ndata: step one\ndata: \n\nid: 1-12\nevent: log\ndata: hal",
        ":\n\nid: 1-18\nevent: log\ndata: half\ndata: \n\nevent: end\ndata: SUCCEEDED\n\n");
    var ran = services.run("logs", "5", "--follow");
    assertThat(ran.code()).isZero();
    assertThat(ran.out()).isEqualTo("step one\nhalf\n");
    assertThat(connections).containsExactly("", "1-9");
    assertThat(ran.err()).contains("trying again", "succeeded");
  }

  @Test
  void it_ends_as_the_build_does_and_tells_why() {
    follow("event: attempt\ndata: 2\n\nevent: end\ndata: FAILED\n\n", "");
    var ran = services.run("logs", "5", "-f");
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).contains("Attempt 2", "Build #5 is FAILED: exit code 2");
  }

  @Test
  void a_build_that_is_not_there_is_told_at_once() {
    assertThat(services.run("logs", "6", "-f").code()).isEqualTo(3);
  }

  @Test
  void an_app_stands_for_its_newest_build() {
    services.json("/api/v1/jobs", "{\"jobs\":[{\"id\":5}]}");
    follow("event: end\ndata: SUCCEEDED\n\n", "");
    assertThat(services.run("logs", "hello", "-f").code()).isZero();
    assertThat(services.run("logs", "Hello!").code()).isEqualTo(2);
  }
}
