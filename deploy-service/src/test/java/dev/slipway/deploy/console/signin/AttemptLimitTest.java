package dev.slipway.deploy.console.signin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.clock.TestClock;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class AttemptLimitTest {
  private final TestClock clock = new TestClock();
  private final AttemptLimit limit = new AttemptLimit(clock);

  private boolean all(int attempts, String name, String address) {
    var all = true;
    for (var i = 0; i < attempts; i++) {
      all &= limit.admits(name.replace("N", String.valueOf(i)), address.replace("N", "" + i));
    }
    return all;
  }

  @Test
  void a_name_may_be_tried_so_often_from_wherever_until_its_time_is_over() {
    assertThat(all(AttemptLimit.BY_NAME, "ann", "10.0.0.N")).isTrue();
    assertThat(limit.admits("ann", "10.0.1.1")).isFalse();
    assertThat(limit.admits("bob", "10.0.1.1")).isTrue();
    clock.pass(AttemptLimit.WINDOW.minusSeconds(1));
    assertThat(limit.admits("ann", "10.0.1.1")).isFalse();
    clock.pass(AttemptLimit.WINDOW);
    assertThat(limit.admits("ann", "10.0.1.1")).isTrue();
  }

  @Test
  void an_address_may_try_so_often_whatever_the_names_and_with_tokens_too() {
    assertThat(all(AttemptLimit.BY_ADDRESS - 1, "name-N", "10.0.0.1")).isTrue();
    assertThat(limit.admits("", "10.0.0.1")).isTrue();
    assertThat(limit.admits("", "10.0.0.1")).isFalse();
    assertThat(limit.admits("", "10.0.0.2")).isTrue();
  }

  @Test
  void who_signs_in_well_is_not_counted() {
    for (var i = 0; i < 2 * AttemptLimit.BY_ADDRESS; i++) {
      assertThat(limit.admits("ann", "10.0.0.1")).isTrue();
      limit.succeeded("ann", "10.0.0.1");
    }
  }

  @Test
  void what_is_remembered_is_bounded() {
    assertThat(all(AttemptLimit.BY_NAME + 1, "ann", "10.0.0.N")).isFalse();
    all(AttemptLimit.MOST_KEYS, "name-N", "192.0.2.N");
    assertThat(limit.admits("ann", "10.0.0.1")).as("forgotten").isTrue();
  }
}
