package dev.slipway.common.machine;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.problem.InvalidInput;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class MachineReportTest {
  @Test
  void a_report_from_the_future_is_refused() {
    assertThatThrownBy(() ->
            new MachineReport(
                new MachineId("m1"), "z1", List.of(), Labels.NONE, 0, 0, -1, List.of()))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("silentMillis must be 0 to");
  }
}
