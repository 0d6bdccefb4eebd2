package dev.slipway.bench.day;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScheduleTest {
  @Test
  void a_day_is_the_same_each_time() {
    assertThat(new Schedule(Scale.QUICK).pushes()).isEqualTo(new Schedule(Scale.QUICK).pushes());
  }

  @Test
  void an_apps_pushes_are_numbered_in_order() {
    var schedule = new Schedule(Scale.QUICK);

    assertThat(schedule.pushes()).hasSize(Scale.QUICK.pushes());
    for (var app = 0; app < Scale.QUICK.apps(); app++) {
      var pushes = schedule.of(app);
      for (var n = 0; n < pushes.size(); n++) {
        assertThat(pushes.get(n).number()).isEqualTo(n);
      }
    }
  }

  @Test
  void with_enough_workers_a_day_should_take_what_its_builds_take() {
    var leads = Expected.minutes(Scale.FULL.pushes(), 2);

    assertThat(leads.median()).isBetween(14.0, 17.0);
    assertThat(leads.quantile(0.99)).isBetween(19.0, 30.0);
  }
}
