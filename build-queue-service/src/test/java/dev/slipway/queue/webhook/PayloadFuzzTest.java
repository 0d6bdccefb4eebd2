package dev.slipway.queue.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.problem.Problem;

class PayloadFuzzTest {
  private static final int LONGEST = 1_000;

  @FuzzTest(maxDuration = "2m")
  void a_payload_of_any_forge_is_refused_or_within_bounds(byte[] body) {
    for (var forge : Forge.ALL) {
      try {
        var payload = Payload.parse(body);
        assertThat(forge.addresses(payload))
            .isNotEmpty()
            .allMatch(address -> address.length() <= LONGEST);
        assertThat(forge.pushes(payload))
            .hasSizeLessThanOrEqualTo(LONGEST)
            .allMatch(push -> push.ref().length() <= LONGEST + "refs/heads/".length());
      } catch (InvalidInput | Problem refused) {
        assertThat(refused.getMessage()).hasSizeLessThan(500);
      }
    }
  }
}
