package dev.slipway.client.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.common.problem.Problem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@NullMarked
class ServiceTest {
  /** What the server does with a call. */
  private interface Answer {
    void to(HttpExchange call) throws IOException;
  }

  private static final Answer BREAKS_OFF = HttpExchange::close;
  private static final Answer BUSY = call -> answer(call, 503, "{\"code\":\"busy\"}");
  private static final Answer DONE = call -> answer(call, 201, "{\"id\":7}");

  private final List<String> keys = new ArrayList<>();
  private final Deque<Answer> answers = new ArrayDeque<>();
  private final HttpServer server;
  private final Service service;

  ServiceTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        call -> {
          call.getRequestBody().readAllBytes();
          keys.add(call.getRequestHeaders().getFirst("Idempotency-Key"));
          answers.remove().to(call);
        });
    server.start();
    service =
        new Service(
            "deploy-service",
            URI.create("http://localhost:" + server.getAddress().getPort()),
            "token");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private static void answer(HttpExchange call, int status, String text) throws IOException {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    call.sendResponseHeaders(status, bytes.length);
    try (var body = call.getResponseBody()) {
      body.write(bytes);
    }
  }

  @Test
  void a_call_that_broke_off_is_sent_again_under_its_key() throws Exception {
    answers.addAll(List.of(BREAKS_OFF, BUSY, DONE, DONE));
    assertThat(service.post("/api/v1/deployments", Map.of()).path("id").asInt()).isEqualTo(7);
    service.post("/api/v1/deployments", Map.of());
    assertThat(keys).hasSize(4).doesNotContainNull();
    assertThat(keys.subList(0, 3)).containsOnly(keys.getFirst());
    assertThat(keys.getLast()).as("another wish").isNotEqualTo(keys.getFirst());
  }

  @Test
  void a_service_that_stays_busy_is_told_of_after_three_tries() {
    answers.addAll(List.of(BUSY, BUSY, BUSY));
    assertThatThrownBy(() -> service.post("/api/v1/deployments", Map.of()))
        .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.code()).isEqualTo("busy"));
    assertThat(keys).hasSize(3);
  }
}
