package dev.slipway.bench.business;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.problem.InvalidInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CurveTest {
  private static final double HOUR = 3_600;

  @Test
  void moments_are_in_order_and_follow_the_weights() {
    var moments = Curve.BUSINESS.moments(10_000, 0, 24, new Random(1));

    assertThat(moments).hasSize(10_000).isSorted();
    assertThat(share(moments, 10, 11)).isBetween(0.08, 0.095);
    assertThat(share(moments, 2, 3)).isBetween(0.002, 0.009);
    assertThat(Curve.BUSINESS.busiest()).isBetween(0.08, 0.095);
  }

  @Test
  void a_part_of_the_day_has_all_of_them() {
    var moments = Curve.BUSINESS.moments(1_000, 9, 12, new Random(1));

    assertThat(moments).hasSize(1_000);
    assertThat(share(moments, 9, 12)).isEqualTo(1.0);
  }

  @Test
  void the_same_seed_gives_the_same_day() {
    assertThat(Curve.FLAT.moments(100, 0, 24, new Random(7)))
        .isEqualTo(Curve.FLAT.moments(100, 0, 24, new Random(7)));
  }

  @Test
  void an_hour_without_weight_has_none() {
    var weights = new ArrayList<>(Collections.nCopies(24, 0.0));
    weights.set(5, 1.0);

    assertThat(share(new Curve(weights).moments(100, 0, 24, new Random(1)), 5, 6)).isEqualTo(1.0);
  }

  @Test
  void a_curve_has_an_hour_with_weight_and_none_below_nothing() {
    assertThatThrownBy(() -> new Curve(Collections.nCopies(24, 0.0)))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("curve");
    assertThatThrownBy(() -> new Curve(List.of(1.0))).isInstanceOf(InvalidInput.class);
    assertThatThrownBy(() -> new Curve(Collections.nCopies(24, -1.0)))
        .isInstanceOf(InvalidInput.class);
  }

  private static double share(double[] moments, int from, int until) {
    return Arrays.stream(moments).filter(at -> at >= from * HOUR && at < until * HOUR).count()
        / (double) moments.length;
  }
}
