package dev.slipway.deploy.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@NullMarked
class PrometheusTest {
  private static final String QUERY =
      "sum(rate(errors{app=\"hello\", path=~\"/a+b?.*\"}[1m])) / 2 & 1";

  private final FakePrometheus server = new FakePrometheus();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Prometheus prometheus =
      new Prometheus(server.address(), Duration.ofMillis(500), meters);

  PrometheusTest() throws IOException {}

  @AfterEach
  void close() {
    server.close();
  }

  private double count(String outcome) {
    return meters.counter("slipway.analysis.queries", "outcome", outcome).count();
  }

  @Test
  void a_query_arrives_as_it_was_written_and_its_number_comes_back() throws Exception {
    server.says("0.25");
    assertThat(prometheus.ask(QUERY)).isEqualTo(new Answer(0.25, null));
    assertThat(server.asked()).containsExactly(QUERY);
    assertThat(count("value")).isOne();
  }

  @Test
  void scalars_and_infinities_are_numbers() throws Exception {
    server.says(
        200, "{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[1,\"3\"]}}");
    assertThat(prometheus.ask("3").value()).isEqualTo(3);
    server.says("+Inf");
    assertThat(prometheus.ask("1/0").value()).isEqualTo(Double.POSITIVE_INFINITY);
  }

  @Test
  void what_is_no_number_is_told_as_it_is() throws Exception {
    server.says("NaN");
    assertThat(prometheus.ask("0/0").problem()).isEqualTo("the answer is not a number");
    server.says(200, "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}");
    assertThat(prometheus.ask("none").problem())
        .isEqualTo("the query gave 0 series; it must give one");
    server.says(200, "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[]}}");
    assertThat(prometheus.ask("up[1m]").problem()).isEqualTo("the query must give a number");
  }

  @Test
  void refusals_are_tried_again_once_and_told_with_their_reason() throws Exception {
    server.says(400, "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"parse error\"}");
    assertThat(prometheus.ask("(").problem()).isEqualTo("Prometheus answered 400: parse error");
    assertThat(server.asked()).hasSize(2);
    assertThat(count("none")).isEqualTo(2);
    server.says(503, "<html>proxy</html>");
    assertThat(prometheus.ask("up").problem()).isEqualTo("Prometheus answered 503 without JSON");
  }

  @Test
  void an_answer_that_never_ends_is_given_up() throws Exception {
    server.getsStuck();
    assertThat(prometheus.ask("up").problem()).isEqualTo("Prometheus did not answer within 500 ms");
  }

  @Test
  void an_answer_that_is_too_large_is_given_up() throws Exception {
    server.says(200, "{\"status\":\"" + "x".repeat(100_000) + "\"}");
    assertThat(prometheus.ask("up").problem()).startsWith("Prometheus cannot be asked");
  }

  @Test
  void nobody_there_or_nobody_named_is_an_answer_too() throws Exception {
    server.close();
    assertThat(prometheus.ask("up").problem()).startsWith("Prometheus cannot be asked");
    assertThat(new Prometheus(null, Duration.ofSeconds(1), meters).ask("up").problem())
        .isEqualTo("slipway.deploy.prometheus-url is not set");
    assertThat(
            new Prometheus(URI.create("http://127.0.0.1:1"), Duration.ofSeconds(1), meters)
                .ask("up")
                .value())
        .isNull();
  }
}
