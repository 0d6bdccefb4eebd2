package dev.slipway.common.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class UploadSlotsTest {
  @Test
  void a_slow_link_serves_few_at_once_and_a_fast_one_many() {
    assertThat(UploadSlots.at(0)).isEqualTo(UploadSlots.LEAST);
    assertThat(UploadSlots.at(300_000)).isEqualTo(7);
    assertThat(UploadSlots.at(3_000_000)).isEqualTo(UploadSlots.MOST);
    assertThat(UploadSlots.at(Long.MAX_VALUE)).isEqualTo(UploadSlots.MOST);
  }
}
