package dev.slipway.region.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.clock.TestClock;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.problem.Problem;
import java.time.Duration;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class RegistrationTokensTest {
  private final TestClock clock = new TestClock();
  private final RegistrationTokens tokens = new RegistrationTokens("s".repeat(32), clock);

  @Test
  void a_token_carries_its_bounds() {
    var ticket = tokens.ticket(Duration.ofHours(1), 3, new MachineId("m".repeat(64)));
    assertThat(tokens.check(tokens.tokenOf(ticket))).isEqualTo(ticket);
  }

  @Test
  void a_token_ends() {
    var token = tokens.tokenOf(tokens.ticket(Duration.ofHours(1), 1, null));
    clock.pass(Duration.ofMinutes(59));
    tokens.check(token);
    clock.pass(Duration.ofMinutes(1));
    assertThatThrownBy(() -> tokens.check(token))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("was good until 2026-01-01T01:00:00Z");
  }

  @Test
  void a_token_of_another_region_is_none() {
    var token = tokens.tokenOf(tokens.ticket(Duration.ofHours(1), 1, null));
    var other = new RegistrationTokens("t".repeat(32), clock);
    assertThatThrownBy(() -> other.check(token)).hasMessageContaining("not one of this region's");
  }
}
