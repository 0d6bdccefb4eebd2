package dev.slipway.common.rate;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class CallerLimitsTest {
  private final AtomicLong nanos = new AtomicLong();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final CallerLimits limits =
      new CallerLimits(new RateProperties(10, 3, 1, 1), nanos::get, meters);

  @Test
  void a_caller_that_asks_too_much_waits_and_the_others_do_not() {
    for (var n = 0; n < 3; n++) {
      assertThat(limits.person("ann")).isZero();
    }
    assertThat(limits.person("ann")).isEqualTo(Duration.ofMillis(100));
    assertThat(limits.person("bob")).isZero();
    assertThat(limits.stranger("ann")).as("an address that is called so").isZero();
    assertThat(limits.stranger("ann")).isEqualTo(Duration.ofSeconds(1));
    nanos.addAndGet(100_000_000);
    assertThat(limits.person("ann")).isZero();
    assertThat(meters.counter("slipway.rate.limited", "caller", "token").count()).isEqualTo(1);
    assertThat(meters.counter("slipway.rate.limited", "caller", "address").count()).isEqualTo(1);
  }

  @Test
  void strangers_do_not_fill_the_memory() {
    assertThat(limits.stranger("first")).isZero();
    for (var n = 0; n < 10_000; n++) {
      limits.stranger("address " + n);
    }
    assertThat(limits.stranger("first")).as("it was forgotten").isZero();
    assertThat(limits.stranger("address 9999")).as("it was not").isPositive();
  }
}
