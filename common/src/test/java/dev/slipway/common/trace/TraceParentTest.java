package dev.slipway.common.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;
import tools.jackson.databind.json.JsonMapper;

/** Places in traces, as W3C's header says them. */
@NullMarked
class TraceParentTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String HEADER = "00-" + TRACE + "-b7ad6b7169203331-01";

  @Test
  void it_comes_and_goes_as_the_standards_header() {
    var place = TraceParent.parse(HEADER).orElseThrow();
    assertThat(place).isEqualTo(new TraceParent(TRACE, "b7ad6b7169203331", true));
    assertThat(place).hasToString(HEADER);
    assertThat(TraceParent.start(false).toString()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00");
    var fresh = TraceParent.start(true);
    assertThat(TraceParent.parse(fresh.toString())).contains(fresh);
    assertThat(TraceParent.parse("01-" + TRACE + "-b7ad6b7169203331-01-more"))
        .as("a later version")
        .isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\nX: y",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more"
      })
  void what_is_not_valid_is_none(String text) {
    assertThat(TraceParent.parse(text)).isEmpty();
  }

  @Test
  void a_child_is_the_same_whoever_derives_it() {
    var place = TraceParent.parse(HEADER).orElseThrow();
    assertThat(place.child("build/1")).isEqualTo(place.child("build/1"));
    assertThat(place.child("build/1").traceId()).isEqualTo(TRACE);
    assertThat(place.child("build/1").spanId())
        .matches("[0-9a-f]{16}")
        .isNotEqualTo(place.child("build/2").spanId())
        .isNotEqualTo(place.spanId());
    assertThat(place.fresh(true).traceId()).isEqualTo(TRACE);
    assertThat(place.fresh(true).spanId()).isNotEqualTo(place.fresh(true).spanId());
  }

  @Test
  void log_lines_carry_the_ids_for_as_long_as_they_should() {
    var place = TraceParent.parse(HEADER).orElseThrow();
    var part = place.child("build/1");
    try (var _ = TraceParent.inLogs(place)) {
      assertThat(inLogs()).isEqualTo(TRACE + " b7ad6b7169203331");
      try (var _ = TraceParent.inLogs(part)) {
        assertThat(inLogs()).isEqualTo(TRACE + " " + part.spanId());
      }
      try (var _ = TraceParent.inLogs(null)) {
        assertThat(inLogs()).isEqualTo(TRACE + " b7ad6b7169203331");
      }
      assertThat(inLogs()).isEqualTo(TRACE + " b7ad6b7169203331");
    }
    assertThat(inLogs()).isEqualTo("null null");
  }

  private static String inLogs() {
    return MDC.get("traceId") + " " + MDC.get("spanId");
  }

  /** A line of JSON that has one. */
  record Told(@Nullable TraceParent trace) {}

  @Test
  void in_json_it_is_the_header_and_what_is_not_valid_is_none() {
    var json = JsonMapper.shared();
    var told = new Told(TraceParent.parse(HEADER).orElseThrow());
    assertThat(json.writeValueAsString(told)).isEqualTo("{\"trace\":\"" + HEADER + "\"}");
    assertThat(json.readValue(json.writeValueAsString(told), Told.class)).isEqualTo(told);
    for (var none : List.of("{\"trace\":\"00-evil\"}", "{\"trace\":null}", "{}")) {
      assertThat(json.readValue(none, Told.class).trace()).isNull();
    }
  }
}
