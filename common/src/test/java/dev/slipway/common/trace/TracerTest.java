package dev.slipway.common.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.trace.TestCollector.Received;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Spans come to a collector, and cost nobody anything where there is none. */
@NullMarked
@SuppressWarnings("NullAway.Init")
class TracerTest {
  private static final Instant START = Instant.parse("2026-01-02T03:04:05.000000007Z");

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final TraceParent push = TraceParent.start(true);
  private TestCollector collector;

  @BeforeEach
  void start() throws Exception {
    collector = new TestCollector();
  }

  @AfterEach
  void stop() {
    collector.close();
  }

  private Span span(String name) {
    return Span.of(push, "build-worker", name, START, START.plusMillis(250));
  }

  private double count(String outcome) {
    return meters.get("slipway.tracing.spans").tag("outcome", outcome).counter().count();
  }

  @Test
  void a_span_comes_as_it_was_told() {
    try (var traces = Traces.by(Tracer.to(collector.endpoint(), meters))) {
      traces.tell(push, () -> span("build/1").with("slipway.app", "hello").failed("exit code 3"));
    }
    assertThat(collector.spans()).hasSize(1);
    Received received = collector.spans().getFirst();
    assertThat(received.traceId()).isEqualTo(push.traceId());
    assertThat(received.spanId()).isEqualTo(push.child("build/1").spanId());
    assertThat(received.parent()).isEqualTo(push.spanId());
    assertThat(received.service()).isEqualTo("build-worker");
    assertThat(received.from()).isEqualTo(START);
    assertThat(received.until()).isEqualTo(START.plusMillis(250));
    assertThat(received.attributes()).containsEntry("slipway.app", "hello");
    assertThat(received.failed()).isTrue();
    assertThat(count("sent")).isEqualTo(1);
  }

  @Test
  void a_collector_that_refuses_is_tried_again_and_then_left() {
    collector.refusals.set(2);
    try (var tracer = Tracer.to(collector.endpoint(), meters)) {
      tracer.tell(span("first"));
    }
    assertThat(collector.spans()).extracting(Received::name).containsExactly("first");
    collector.refusals.set(100);
    try (var tracer = Tracer.to(collector.endpoint(), meters)) {
      tracer.tell(span("second"));
    }
    assertThat(collector.spans()).extracting(Received::name).containsExactly("first");
    assertThat(count("sent")).isEqualTo(1);
    assertThat(count("lost")).isEqualTo(1);
  }

  @Test
  @Timeout(20)
  void a_span_that_is_to_be_tried_again_as_it_closes_comes_all_the_same() {
    collector.refusals.set(1);
    try (var tracer = Tracer.to(collector.endpoint(), meters)) {
      tracer.tell(span("first"));
      while (collector.refusals.get() > 0) {
        Thread.onSpinWait();
      }
    }
    assertThat(collector.spans()).extracting(Received::name).containsExactly("first");
    assertThat(count("sent")).isEqualTo(1);
  }

  @Test
  void without_a_collector_or_for_a_trace_that_is_not_recorded_no_span_is_even_made() {
    Traces.OFF.tell(
        push,
        () -> {
          throw new AssertionError("made");
        });
    try (var traces = Traces.by(Tracer.to(collector.endpoint(), meters))) {
      traces.tell(
          TraceParent.start(false),
          () -> {
            throw new AssertionError("made");
          });
      traces.tell(
          null,
          () -> {
            throw new AssertionError("made");
          });
    }
    assertThat(collector.spans()).isEmpty();
  }

  @Test
  void clocks_that_differ_make_no_span_of_negative_length() {
    var span = Span.of(push, "s", "n", START, START.minusSeconds(1));
    assertThat(span.until()).isEqualTo(span.from());
  }
}
