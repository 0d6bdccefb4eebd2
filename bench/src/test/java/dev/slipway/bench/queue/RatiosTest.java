package dev.slipway.bench.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.slipway.bench.Samples;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class RatiosTest {
  @Test
  void the_best_other_is_that_of_each_round() {
    var ratio = Ratios.overBest(rounds(10, 10, 30), List.of(rounds(5, 1, 1), rounds(2, 20, 3)));

    assertThat(ratio.values()).containsExactly(2.0, 0.5, 10.0);
    assertThat(ratio.median()).isEqualTo(2.0);
  }

  @Test
  void what_is_lost_is_a_share_of_what_was_there() {
    assertThat(Ratios.lost(rounds(100, 100), rounds(90, 110)).values().getFirst())
        .isEqualTo(0.1, within(1e-9));
    assertThat(Ratios.lost(rounds(100, 100), rounds(90, 110)).values().getLast()).isNegative();
  }

  @Test
  void one_thing_after_the_other_takes_the_time_of_both() {
    // 1/2000 s and 1/1000 s a job
    assertThat(Ratios.oneAfterTheOther(rounds(2_000), rounds(1_000)).median())
        .isEqualTo(2_000 / 3.0, within(1e-9));
  }

  @Test
  void rounds_that_were_not_measured_for_both_are_refused() {
    assertThatThrownBy(() -> Ratios.over(rounds(1, 2), rounds(1)))
        .hasMessageContaining("2 rounds against 1");
  }

  @Test
  void a_percentile_is_a_value_that_was_measured() {
    var hundred = IntStream.rangeClosed(1, 100).mapToObj(i -> 101.0 - i).toList();

    assertThat(Ratios.percentile(hundred, 0.99)).isEqualTo(99.0);
    assertThat(Ratios.percentile(hundred, 0.5)).isEqualTo(50.0);
    assertThat(Ratios.percentile(List.of(7.0), 0.99)).isEqualTo(7.0);
  }

  private static Samples rounds(double... values) {
    var samples = new Samples();
    for (var value : values) {
      samples.add(value);
    }
    return samples;
  }
}
