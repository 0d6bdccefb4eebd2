package dev.slipway.deploy;

import static dev.slipway.deploy.World.APP;
import static dev.slipway.deploy.World.EU;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.machine.AppReport;
import dev.slipway.common.machine.AppState;
import dev.slipway.common.machine.Labels;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.machine.MachineReport;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.target.FleetReport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@NullMarked
class ReportsTest {
  private final World world = new World();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Reports reports =
      new Reports(world.fleet, world.targets, new NoticeStore(world.jdbc), meters);

  private static MachineReport machine(String id, long revision) {
    var word = new AppReport(APP, 7, 7L, AppState.RUNNING, revision, 1, 1, null, null);
    return new MachineReport(
        new MachineId(id), "a", List.of(), Labels.NONE, 0, 0, 0, List.of(word));
  }

  /** By machine the revision that it is taken to be at. */
  private List<Long> revisions() {
    return world.fleet.machinesOf(APP).stream().map(FleetStore.MachineApp::revision).toList();
  }

  @Test
  void a_word_about_a_revision_that_nobody_has_given_out_does_not_count() {
    world.jdbc.sql("update target_revision set revision = 41").update();
    reports.take(EU, new FleetReport(List.of(machine("m1", 41), machine("m2", 42))));
    assertThat(revisions()).containsExactly(41L, 0L);
    assertThat(world.fleet.machinesOf(APP).getLast().state()).isNull();
    assertThat(meters.counter("slipway.reports.refused").count()).isOne();
    // it is heard of all the same, and believed as soon as it can be
    world.jdbc.sql("update target_revision set revision = 42").update();
    reports.take(EU, new FleetReport(List.of(machine("m2", 42))));
    assertThat(revisions()).containsExactly(41L, 42L);
  }

  private static MachineReport word(AppState state, long sequence, long silentMillis) {
    var word = new AppReport(APP, 7, 7L, state, 0, 1, 1, null, null);
    return new MachineReport(
        new MachineId("m1"), "a", List.of(), Labels.NONE, 0, sequence, silentMillis, List.of(word));
  }

  private List<AppState> states() {
    return world.fleet.machinesOf(APP).stream().map(FleetStore.MachineApp::state).toList();
  }

  @Test
  void the_later_word_of_a_machine_counts_however_long_each_travelled() {
    // said first, heard of at once and arrived late; the second waited in the region meanwhile
    reports.take(EU, new FleetReport(List.of(word(AppState.ACTIVATING, 1, 0))));
    reports.take(EU, new FleetReport(List.of(word(AppState.RUNNING, 2, 5_000))));
    assertThat(states()).containsExactly(AppState.RUNNING);
    reports.take(EU, new FleetReport(List.of(word(AppState.ACTIVATING, 1, 0))));
    assertThat(states()).containsExactly(AppState.RUNNING);
  }

  private static AppReport as(AppState state, long revision, int restarts, List<Long> kept) {
    return new AppReport(APP, 7, 7L, state, revision, 1, 1, null, null, restarts, kept);
  }

  static Stream<AppReport> changes() {
    return Stream.of(
        new AppReport(APP, 8, 7L, AppState.RUNNING, 0, 1, 1, null, null, 0, List.of()),
        new AppReport(APP, 7, 8L, AppState.RUNNING, 0, 1, 1, null, null, 0, List.of()),
        new AppReport(APP, 7, null, AppState.RUNNING, 0, 1, 1, null, null, 0, List.of()),
        as(AppState.FAILED, 0, 0, List.of()),
        as(AppState.RUNNING, 1, 0, List.of()),
        new AppReport(APP, 7, 7L, AppState.RUNNING, 0, 0, 1, null, null, 0, List.of()),
        new AppReport(APP, 7, 7L, AppState.RUNNING, 0, 1, 2, null, null, 0, List.of()),
        new AppReport(APP, 7, 7L, AppState.RUNNING, 0, 1, 1, "words", null, 0, List.of()),
        new AppReport(APP, 7, 7L, AppState.RUNNING, 0, 1, 1, null, 9L, 0, List.of()),
        as(AppState.RUNNING, 0, 1, List.of()),
        as(AppState.RUNNING, 0, 0, List.of(6L)));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void what_is_as_it_was_is_not_written_again_and_all_else_is(AppReport change) {
    take(as(AppState.RUNNING, 0, 0, List.of()), 1);
    var written = writtenAt();
    take(as(AppState.RUNNING, 0, 0, List.of()), 2);
    assertThat(writtenAt()).isEqualTo(written);
    take(change, 3);
    assertThat(writtenAt()).isNotEqualTo(written);
  }

  private void take(AppReport word, long sequence) {
    var machine =
        new MachineReport(
            new MachineId("m1"), "a", List.of(), Labels.NONE, 0, sequence, 0, List.of(word));
    world.fleet.take(EU, new FleetReport(List.of(machine)));
  }

  /** The place of the row's newest version. */
  private String writtenAt() {
    return world.jdbc.sql("select ctid::text from machine_app").query(String.class).single();
  }

  @Test
  void a_machine_that_counts_anew_is_heard_once_its_old_words_are_overtaken() {
    reports.take(EU, new FleetReport(List.of(word(AppState.RUNNING, 9, 0))));
    reports.take(EU, new FleetReport(List.of(word(AppState.FAILED, 1, 0))));
    assertThat(states()).containsExactly(AppState.RUNNING);
    world.jdbc.sql("update machine set seen_at = seen_at - interval '3 minutes'").update();
    reports.take(EU, new FleetReport(List.of(word(AppState.FAILED, 1, 0))));
    assertThat(states()).containsExactly(AppState.FAILED);
  }

  @Test
  void nobody_is_heard_of_in_the_future_and_no_number_is_below_zero() {
    assertThatThrownBy(() ->
            new MachineReport(
                new MachineId("m1"), "a", List.of(), Labels.NONE, 0, 0, -1, List.of()))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("silentMillis must be 0 to");
    assertThatThrownBy(() -> new AppReport(APP, 7, 7L, AppState.RUNNING, -1, 0, 0, null, null))
        .hasMessageContaining("revision must be at least 0");
    assertThatThrownBy(() -> new AppReport(APP, 7, 7L, AppState.RUNNING, 0, -1, 0, null, null))
        .hasMessageContaining("bytesDone must be at least 0");
  }

  @Test
  void too_many_machines_at_once_are_refused() {
    var all = Collections.nCopies(FleetReport.MOST + 1, machine("m1", 0));
    assertThatThrownBy(() -> reports.take(EU, new FleetReport(all)))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("machines must be at most 1000");
  }
}
