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
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class ReportsTest {
  private final World world = new World();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Reports reports =
      new Reports(world.fleet, world.targets, new NoticeStore(world.jdbc), meters);

  private static MachineReport machine(String id, long revision) {
    var word = new AppReport(APP, 7, 7L, AppState.RUNNING, revision, 1, 1, null, null);
    return new MachineReport(new MachineId(id), "a", List.of(), Labels.NONE, 0, 0, List.of(word));
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

  @Test
  void nobody_is_heard_of_in_the_future_and_no_number_is_below_zero() {
    assertThatThrownBy(() ->
            new MachineReport(new MachineId("m1"), "a", List.of(), Labels.NONE, 0, -1, List.of()))
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
