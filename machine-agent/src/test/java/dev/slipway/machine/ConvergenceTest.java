package dev.slipway.machine;

import static dev.slipway.machine.TestMachine.APP;
import static dev.slipway.machine.TestMachine.RUN;
import static dev.slipway.machine.TestMachine.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.app.AppName;
import dev.slipway.common.clock.TestClock;
import dev.slipway.common.machine.AppReport;
import dev.slipway.common.machine.AppState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a machine has missed, and whomever it asks, it comes to the newest target. */
@NullMarked
class ConvergenceTest {
  @TempDir Path folder;
  private TestMachine machine;

  @BeforeEach
  void build() throws IOException {
    machine = new TestMachine(folder);
  }

  @AfterEach
  void stop() {
    machine.close();
  }

  private static void assign(FakeRegion region, long build, long revision) {
    region.assign(APP, revision, region.publish(APP, build, TinyApp.script() + "#" + build, RUN));
  }

  private static boolean running(AppReport report, long build) {
    return report.state() == AppState.RUNNING && report.build() == build;
  }

  private static boolean runs(FakeRegion region, long revision) {
    return region.reports(APP).stream()
        .anyMatch(r -> r.state() == AppState.RUNNING && r.revision() == revision);
  }

  @Test
  void a_machine_that_was_off_for_a_week_takes_the_newest_target_alone() throws Exception {
    var clock = new TestClock();
    machine.clock = clock;
    machine.start();
    assign(machine.region, 7, 1);
    machine.awaitReport(AppState.RUNNING, 1);
    machine.stopAgent();
    for (var revision = 2; revision <= 9; revision++) {
      assign(machine.region, 6 + revision, revision);
    }
    clock.pass(Duration.ofDays(7));
    machine.start().awaitReport(AppState.RUNNING, 9);
    assertThat(machine.answer()).startsWith("15 ");
    assertThat(machine.started()).containsExactly("7", "15");
  }

  @Test
  void a_machine_that_is_replaced_under_its_name_comes_to_what_the_others_run() throws Exception {
    machine.start();
    assign(machine.region, 7, 1);
    machine.awaitReport(AppState.RUNNING, 1);
    assign(machine.region, 8, 2);
    machine.awaitReport(AppState.RUNNING, 2);
    machine.losesItsDisk();
    machine.region.polls.clear();
    machine.start().awaitReport(AppState.RUNNING, 2);
    assertThat(machine.answer()).startsWith("8 ");
    assertThat(machine.started()).containsExactly("7", "8", "8");
  }

  @Test
  void of_two_agents_the_one_that_is_behind_takes_no_machine_back() throws Exception {
    var ahead = machine.region;
    var behind = machine.addAgent();
    assign(behind, 7, 11);
    assign(ahead, 8, 12);
    machine.start().awaitReport(AppState.RUNNING, 12);
    ahead.close();
    until(() -> !behind.polls.isEmpty());
    assertThat(behind.polls.getFirst().after()).isEqualTo(12);
    // also one that asks for everything, as after a restart
    machine.stopAgent();
    machine.start();
    until(() -> machine.meters.counter("slipway.machine.targets.refused").count() > 0);
    until(() -> runs(behind, 12));
    assertThat(machine.answer()).startsWith("8 ");
    assign(behind, 9, 13);
    until(() -> runs(behind, 13));
    assertThat(machine.started()).containsExactly("8", "9");
  }

  @Test
  void apps_run_beside_each_other_each_with_its_own_port() throws Exception {
    machine.anyApp = new PortRange(machine.port + 1, Math.min(machine.port + 100, 65_535));
    machine.start();
    assign(machine.region, 7, 1);
    var other = new AppName("other");
    machine.region.assign(
        other, 2, machine.region.publish(other, 3, TinyApp.script() + "#other", RUN));
    machine.awaitReport(AppState.RUNNING, 1);
    until(() -> machine.region.reports(other).stream().anyMatch(r -> running(r, 3)));
    assertThat(machine.answer()).startsWith("7 ");
    var pid = machine.pid();
    var next = machine.region.publish(other, 4, TinyApp.script() + "#next", RUN);
    machine.region.assign(other, 3, next);
    until(() -> machine.region.reports(other).stream().anyMatch(r -> running(r, 4)));
    assertThat(machine.pid()).as("the app beside it is left alone").isEqualTo(pid);
  }
}
