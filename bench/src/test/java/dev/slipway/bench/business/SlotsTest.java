package dev.slipway.bench.business;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SlotsTest {
  @Test
  void who_comes_while_all_build_waits_for_the_first_that_is_free() {
    var slots = new Slots(2);

    assertThat(slots.take(0, 10)).isEqualTo(0);
    assertThat(slots.take(1, 4)).isEqualTo(1);
    assertThat(slots.take(2, 10)).isEqualTo(5);
    assertThat(slots.take(3, 1)).isEqualTo(10);
  }

  @Test
  void more_are_there_in_their_hours_and_end_what_they_build() {
    var slots = new Slots(1, 1, 100, 200);
    slots.take(0, 1_000);

    assertThat(slots.take(50, 120)).isEqualTo(100);
    assertThat(slots.take(60, 10)).as("after they close only the first is there").isEqualTo(1_000);
  }
}
