package dev.slipway.common.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NullMarked
class KeptAnswerTest {
  private static KeptAnswer answer(String body) {
    return KeptAnswer.of(201, "application/json", body.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void an_answer_is_kept_as_it_is() {
    var kept = answer("{\"id\":7,\"tokens\":3,\"secret\":null}");
    assertThat(kept.kept()).isTrue();
    assertThat(kept.body()).startsWith("{\"id\":7");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\":\"ann\",\"token\":\"s3cret\"}",
        "{\"webhookSecret\":\"s3cret\"}",
        "{\"id\":1,\"secret\":\"s3cret\"}",
        "{\"password\":\"s3cret\"}",
        "not JSON s3cret"
      })
  void what_may_hold_a_secret_is_not(String body) {
    assertThat(answer(body).kept()).isFalse();
    assertThat(answer(body).body()).isEmpty();
  }

  @Test
  void nor_is_what_is_too_large() {
    assertThat(answer("[\"" + "x".repeat(64 << 10) + "\"]").kept()).isFalse();
  }
}
