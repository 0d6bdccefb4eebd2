package dev.slipway.common.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class SentRateTest {
  private static final long SECOND = 1_000_000_000;

  private final SentRate rate = new SentRate(-SECOND);

  @Test
  void is_what_was_sent_since_the_last_look() {
    assertThat(rate.bytesPerSecond(3_000, 2 * SECOND)).isEqualTo(1_000);
    assertThat(rate.bytesPerSecond(8_000, 4 * SECOND)).isEqualTo(2_500);
    assertThat(rate.bytesPerSecond(8_000, 5 * SECOND)).isZero();
  }

  @Test
  void stays_what_it_was_when_no_time_has_passed() {
    rate.bytesPerSecond(3_000, 2 * SECOND);
    assertThat(rate.bytesPerSecond(4_000, 2 * SECOND)).isEqualTo(1_000);
  }
}
