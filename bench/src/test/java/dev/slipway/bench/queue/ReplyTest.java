package dev.slipway.bench.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class ReplyTest {
  @Test
  void an_answer_is_its_numbers() throws Exception {
    assertThat(Reply.parse("ok 1.5 2e-3")).contains(List.of(1.5, 0.002));
    assertThat(Reply.parse("ok")).contains(List.of());
  }

  @Test
  void what_a_library_prints_is_no_answer() throws Exception {
    assertThat(Reply.parse("okay, connected")).isEmpty();
    assertThat(Reply.parse("")).isEmpty();
  }

  @Test
  void an_error_is_thrown_with_its_text() {
    assertThatThrownBy(() -> Reply.parse("error no such table"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no such table");
  }

  @Test
  void what_is_no_number_is_an_error() {
    assertThatThrownBy(() -> Reply.parse("ok undefined"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ok undefined");
    assertThatThrownBy(() -> Reply.one(List.of(1.0, 2.0))).isInstanceOf(IOException.class);
  }
}
