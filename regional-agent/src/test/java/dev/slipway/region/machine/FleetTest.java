package dev.slipway.region.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.app.AppName;
import dev.slipway.common.machine.AppReport;
import dev.slipway.common.machine.AppState;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.machine.MachineReport;
import dev.slipway.common.machine.Poll;
import dev.slipway.common.target.FleetReport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class FleetTest {
  private static final AppName APP = new AppName("hello");

  private final AtomicLong nanos = new AtomicLong();
  private final Fleet fleet = new Fleet(2_000, nanos::get);

  private static Poll poll(long sequence, AppState state) {
    var word = new AppReport(APP, 7, null, state, 1, 0, 10, null, null);
    return new Poll("z1", List.of(APP), List.of(word), sequence, 0, 0);
  }

  private void hear(String machine, long sequence, AppState state) {
    fleet.hear(new MachineId(machine), poll(sequence, state), 0);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private static AppState stateOf(MachineReport report) {
    return report.apps().getFirst().state();
  }

  @Test
  void a_machine_that_says_something_new_has_changed_once() {
    hear("m1", 1, AppState.DOWNLOADING);
    hear("m1", 2, AppState.RUNNING);
    pass(Duration.ofMillis(300));
    assertThat(fleet.takeChanged())
        .singleElement()
        .satisfies(report -> {
          assertThat(stateOf(report)).isEqualTo(AppState.RUNNING);
          assertThat(report.silentMillis()).isEqualTo(300);
          assertThat(report.hosts()).containsExactly(APP);
        });
    assertThat(fleet.hasChanged()).isFalse();
    hear("m1", 3, AppState.RUNNING);
    assertThat(fleet.takeChanged()).isEmpty();
    assertThat(fleet.takeHeard()).hasSize(1);
    assertThat(fleet.takeHeard()).isEmpty();
  }

  @Test
  void an_overtaken_word_is_not_believed() {
    hear("m1", 5, AppState.RUNNING);
    hear("m1", 4, AppState.DOWNLOADING);
    assertThat(fleet.takeChanged())
        .singleElement()
        .extracting(FleetTest::stateOf)
        .isEqualTo(AppState.RUNNING);
  }

  @Test
  void a_machine_that_counts_anew_is_believed_once_nothing_old_can_be_under_way() {
    hear("m1", 500, AppState.RUNNING);
    pass(Duration.ofSeconds(2L * Poll.LONGEST_WAIT));
    hear("m1", 1, AppState.DOWNLOADING);
    assertThat(fleet.takeChanged())
        .singleElement()
        .extracting(FleetTest::stateOf)
        .isEqualTo(AppState.DOWNLOADING);
  }

  @Test
  void a_machine_that_was_let_in_again_counts_anew() {
    hear("m1", 500, AppState.RUNNING);
    fleet.hear(new MachineId("m1"), poll(1, AppState.DOWNLOADING), 7);
    hear("m1", 501, AppState.RUNNING);
    assertThat(fleet.takeChanged())
        .singleElement()
        .satisfies(report -> {
          assertThat(stateOf(report)).isEqualTo(AppState.DOWNLOADING);
          assertThat(report.epoch()).isEqualTo(7);
        });
  }

  @Test
  void what_did_not_arrive_goes_again_as_it_is_by_then() {
    hear("m1", 1, AppState.DOWNLOADING);
    var lost = fleet.takeChanged();
    hear("m1", 2, AppState.RUNNING);
    fleet.takeChanged();
    fleet.putBack(lost);
    assertThat(fleet.takeChanged())
        .singleElement()
        .extracting(FleetTest::stateOf)
        .isEqualTo(AppState.RUNNING);
  }

  @Test
  void a_report_has_so_many_machines_at_most() {
    for (var i = 0; i < FleetReport.MOST + 1; i++) {
      hear("m" + i, 1, AppState.RUNNING);
    }
    assertThat(fleet.takeChanged()).hasSize(FleetReport.MOST);
    assertThat(fleet.takeChanged()).hasSize(1);
  }

  @Test
  void one_machine_too_many_takes_the_place_of_the_most_silent() {
    var small = new Fleet(2, nanos::get);
    for (var machine : List.of("m1", "m2", "m3")) {
      small.hear(new MachineId(machine), poll(1, AppState.RUNNING), 0);
      pass(Duration.ofSeconds(1));
    }
    assertThat(small.size()).isEqualTo(2);
    assertThat(small.takeChanged())
        .extracting(report -> report.id().value())
        .containsExactly("m2", "m3");
  }
}
