package dev.slipway.machine;

import static dev.slipway.machine.TestMachine.APP;
import static dev.slipway.machine.TestMachine.RUN;
import static dev.slipway.machine.TestMachine.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.machine.AppState;
import dev.slipway.common.recipe.RunRecipe;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Apps that do not do what they should; what ends at once or is never well is elsewhere. */
@NullMarked
class UnrulyAppTest {
  @TempDir Path folder;
  private TestMachine machine;

  @BeforeEach
  void build() throws IOException {
    machine = new TestMachine(folder);
    machine.start();
  }

  @AfterEach
  void stop() {
    machine.close();
  }

  private void assign(long build, long revision, String script, RunRecipe run) {
    machine.region.assign(
        APP, revision, machine.region.publish(APP, build, script + "#" + build, run));
  }

  private void deploy(long build, long revision) throws Exception {
    assign(build, revision, TinyApp.script(), RUN);
    machine.awaitReport(AppState.RUNNING, revision);
  }

  @Test
  void one_whose_health_check_hangs_is_taken_back_in_time() throws Exception {
    deploy(7, 1);
    var hangs =
        new RunRecipe(
            RUN.start(),
            new RunRecipe.Health("http://127.0.0.1:{port}/hangs", Duration.ofSeconds(3)),
            RUN.stop());
    assign(8, 2, TinyApp.script(), hangs);
    var report = machine.awaitReport(r -> r.state() == AppState.FAILED && r.running() != null);
    assertThat(report.detail()).contains("not healthy within 3 s", "timed out");
    assertThat(report.running()).isEqualTo(7);
    assertThat(machine.answer()).startsWith("7 ");
  }

  @Test
  void one_that_ignores_the_signal_is_killed_when_its_time_is_up() throws Exception {
    var stubborn = TinyApp.script().replace("#!/bin/sh\n", "#!/bin/sh\ntrap '' TERM\n");
    var stop = new RunRecipe.Stop("TERM", Duration.ofSeconds(1));
    assign(7, 1, stubborn, new RunRecipe(RUN.start(), RUN.health(), stop));
    machine.awaitReport(AppState.RUNNING, 1);
    var pid = machine.pid();
    deploy(8, 2);
    assertThat(ProcessHandle.of(pid)).isEmpty();
    assertThat(machine.answer()).startsWith("8 ");
  }

  @Test
  void one_whose_port_is_taken_fails_with_that_reason_and_the_next_takes_it_when_it_is_free()
      throws Exception {
    try (var taken = new ServerSocket(machine.port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(taken.isBound()).isTrue();
      assign(7, 1, TinyApp.script(), RUN);
      var report = machine.awaitReport(AppState.FAILED, 1);
      assertThat(report.detail()).isEqualTo("port %d is taken by something else", machine.port);
      assertThat(machine.started()).isEmpty();
    }
    deploy(8, 2);
    assertThat(machine.answer()).startsWith("8 ");
  }

  @Test
  void one_that_ends_again_and_again_is_started_less_and_less_often_and_never_given_up()
      throws Exception {
    deploy(7, 1);
    for (var times = 1; times <= 3; times++) {
      var pid = machine.pid();
      ProcessHandle.of(pid).orElseThrow().destroyForcibly();
      until(() -> isThereAgain(pid));
    }
    assertThat(machine.meters.counter("slipway.machine.starts", "app", "hello").count())
        .isEqualTo(3);
  }

  private boolean isThereAgain(long before) throws Exception {
    try {
      return machine.pid() != before;
    } catch (IOException notYet) {
      return false;
    }
  }
}
