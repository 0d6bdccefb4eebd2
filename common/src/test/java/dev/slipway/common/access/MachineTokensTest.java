package dev.slipway.common.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.machine.MachineId;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class MachineTokensTest {
  private final MachineTokens tokens = new MachineTokens("0123456789abcdef0123456789abcdef");

  @Test
  void a_token_names_its_machine() {
    var token = tokens.tokenOf(new MachineId("m1"));
    assertThat(tokens.callerOf(token)).contains(new Caller("m1", Role.MACHINE, "m1"));
  }

  @Test
  void a_token_does_not_serve_another_machine_nor_another_region() {
    var token = tokens.tokenOf(new MachineId("m1"));
    assertThat(tokens.callerOf(token.replace("m1", "m2"))).isEmpty();
    assertThat(new MachineTokens("another secret of thirty-two chars").callerOf(token)).isEmpty();
    assertThat(tokens.callerOf("../m1:00")).isEmpty();
    assertThat(tokens.callerOf("")).isEmpty();
  }
}
