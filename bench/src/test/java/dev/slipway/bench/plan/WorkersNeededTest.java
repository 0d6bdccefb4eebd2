package dev.slipway.bench.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkersNeededTest {
  private final WorkersNeeded flat =
      new WorkersNeeded(
          Settings.of(
              Map.of("curve", "flat", "pushes", "960", "shortest-min", "15", "longest-min", "15")),
          1);

  @Test
  void one_fewer_would_be_too_few() {
    var fewest = flat.fewest(60);

    assertThat(flat.wait(fewest, 0.99)).isLessThanOrEqualTo(60);
    assertThat(flat.wait(fewest - 1, 0.99)).isGreaterThan(60);
  }

  /** Ten builds are under way on average: by Erlang's C formula one in a hundred waits with 20. */
  @Test
  void it_takes_about_as_many_as_theory_says() {
    assertThat(flat.fewest(60)).isBetween(17, 21);
    assertThat(flat.busy(20)).isBetween(0.49, 0.51);
  }

  @Test
  void business_hours_need_more_than_an_even_day() {
    var business = new WorkersNeeded(Settings.of(Map.of("pushes", "960")), 1);

    assertThat(business.fewest(60)).isGreaterThan(flat.fewest(60) + 5);
  }
}
