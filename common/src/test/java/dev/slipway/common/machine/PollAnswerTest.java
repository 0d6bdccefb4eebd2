package dev.slipway.common.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.problem.InvalidInput;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

@NullMarked
class PollAnswerTest {
  @Test
  void a_region_that_knows_no_limits_sets_none() {
    var old =
        JsonMapper.shared()
            .readValue(
                """
                {"revision": 3, "assignments": [], "retrySeconds": 2}
                """,
                PollAnswer.class);
    assertThat(old.limits()).isEqualTo(Limits.NONE);
    assertThat(old.ahead()).isEmpty();
  }

  @Test
  void limits_arrive_as_they_were_told() {
    var told = new PollAnswer(3, List.of(), 2, List.of(), new Limits(Limits.LEAST, 1L << 40));
    var json = JsonMapper.shared().writeValueAsString(told);
    assertThat(JsonMapper.shared().readValue(json, PollAnswer.class)).isEqualTo(told);
  }

  @Test
  void a_limit_that_lets_next_to_nothing_through_is_refused() {
    assertThatThrownBy(() -> new Limits(Limits.LEAST - 1, 0))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("downloadBytesPerSecond must be 0 or at least 65536");
    assertThatThrownBy(() -> new Limits(0, -1))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("uploadBytesPerSecond");
  }
}
