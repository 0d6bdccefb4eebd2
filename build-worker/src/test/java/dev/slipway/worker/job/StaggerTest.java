package dev.slipway.worker.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class StaggerTest {
  private final Stagger stagger = new Stagger();

  @Test
  void a_worker_that_always_gets_a_job_does_not_hesitate() {
    stagger.looked(true);
    assertThat(longest()).isZero();
  }

  @Test
  void who_goes_in_vain_hesitates_longer_and_up_to_a_bound() {
    inVain(8);
    assertThat(longest()).isBetween(1L, 8L);
    inVain(10_000);
    assertThat(longest()).isBetween(100L, 250L);
  }

  @Test
  void who_gets_a_job_does_not_hesitate_the_next_time() {
    inVain(100);
    stagger.looked(true);
    assertThat(longest()).isZero();
  }

  private void inVain(int times) {
    for (var i = 0; i < times; i++) {
      stagger.looked(false);
    }
  }

  private long longest() {
    return Stream.generate(stagger::hesitation).limit(1_000).max(Long::compare).orElseThrow();
  }
}
