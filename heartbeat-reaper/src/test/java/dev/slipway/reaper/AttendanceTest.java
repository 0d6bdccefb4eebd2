package dev.slipway.reaper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.clock.TestClock;
import java.time.Duration;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class AttendanceTest {
  private final TestClock clock = new TestClock();
  private final Attendance attendance = new Attendance(Duration.ofSeconds(60));

  @Test
  void a_fresh_reaper_waits_a_full_time_out_before_it_judges() {
    assertThat(attendance.mayJudge(clock.instant())).isFalse();
    assertThat(passes(11)).isFalse();
    assertThat(passes(1)).isTrue();
  }

  @Test
  void a_reaper_that_was_away_waits_again() {
    passes(14);
    clock.pass(Duration.ofSeconds(30));
    assertThat(attendance.mayJudge(clock.instant())).isFalse();
    assertThat(passes(11)).isFalse();
    assertThat(passes(1)).isTrue();
  }

  /** Passes five seconds apart; says what the last one answered. */
  private boolean passes(int count) {
    var may = false;
    for (var i = 0; i < count; i++) {
      clock.pass(Duration.ofSeconds(5));
      may = attendance.mayJudge(clock.instant());
    }
    return may;
  }
}
