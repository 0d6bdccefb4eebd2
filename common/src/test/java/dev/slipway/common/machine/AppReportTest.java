package dev.slipway.common.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.app.AppName;
import dev.slipway.common.problem.InvalidInput;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

@NullMarked
class AppReportTest {
  private static final AppName APP = new AppName("hello");

  @Test
  void a_machine_that_does_not_count_restarts_has_none() {
    var old =
        """
        {"app": "hello", "build": 7, "running": 7, "state": "RUNNING", "revision": 3, "bytesDone": 1, "bytesTotal": 1}
        """;
    assertThat(JsonMapper.shared().readValue(old, AppReport.class))
        .isEqualTo(new AppReport(APP, 7, 7L, AppState.RUNNING, 3, 1, 1, null, null, 0, List.of()));
  }

  @Test
  void fewer_restarts_than_none_are_refused() {
    assertThatThrownBy(
            () -> new AppReport(APP, 7, 7L, AppState.RUNNING, 3, 1, 1, null, null, -1, List.of()))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("restarts must be at least 0");
  }
}
