package dev.slipway.machine;

import static dev.slipway.machine.TestMachine.APP;
import static dev.slipway.machine.TestMachine.RUN;
import static dev.slipway.machine.TestMachine.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.machine.AppState;
import dev.slipway.common.recipe.RunRecipe;
import dev.slipway.common.recipe.RunRecipe.Hook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An app's own commands around its start and its stop. */
@NullMarked
class HooksTest {
  private static final Duration LONG = Duration.ofMinutes(10);

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

  private static RunRecipe run(@Nullable Hook beforeStop, @Nullable Hook afterStart) {
    return new RunRecipe(RUN.start(), RUN.health(), RUN.stop(), beforeStop, afterStart);
  }

  private Hook hook(String command, Duration within) {
    return new Hook("cd " + folder + "; " + command, within);
  }

  private void assign(long build, long revision, RunRecipe run) {
    machine.region.assign(
        APP, revision, machine.region.publish(APP, build, TinyApp.script() + "#" + build, run));
  }

  private double count(String hook, String outcome) {
    return machine
        .meters
        .counter("slipway.machine.hooks", "hook", hook, "outcome", outcome)
        .count();
  }

  private boolean isThere(String file) {
    return Files.exists(folder.resolve(file));
  }

  private static boolean isAlive(Path pid) throws IOException {
    return ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
        .map(ProcessHandle::isAlive)
        .orElse(false);
  }

  @Test
  void before_stop_runs_while_the_app_still_serves_and_is_waited_for() throws Exception {
    var drain =
        hook("echo $SLIPWAY_BUILD {port} > drain; while [ ! -e go ]; do sleep 0.05; done", LONG);
    machine.start();
    assign(7, 1, run(drain, null));
    machine.awaitReport(AppState.RUNNING, 1);
    assign(8, 2, RUN);
    until(() -> isThere("drain"));
    assertThat(machine.answer()).startsWith("7 ");
    Files.createFile(folder.resolve("go"));
    machine.awaitReport(AppState.RUNNING, 2);
    assertThat(folder.resolve("drain")).hasContent("7 " + machine.port);
    assertThat(machine.answer()).startsWith("8 ");
    assertThat(count("before-stop", "succeeded")).isOne();
  }

  @Test
  void a_before_stop_that_fails_or_hangs_holds_nothing_up() throws Exception {
    machine.start();
    assign(7, 1, run(hook("exit 3", LONG), null));
    machine.awaitReport(AppState.RUNNING, 1);
    assign(8, 2, run(hook("sleep 600 & echo $! > child; wait", Duration.ofSeconds(1)), null));
    machine.awaitReport(AppState.RUNNING, 2);
    assign(9, 3, RUN);
    machine.awaitReport(AppState.RUNNING, 3);
    assertThat(count("before-stop", "failed")).isEqualTo(2);
    until(() -> !isAlive(folder.resolve("child")));
  }

  @Test
  void an_app_that_has_ended_by_itself_is_not_drained() throws Exception {
    machine.start();
    assign(7, 1, run(hook("touch drain", LONG), null));
    machine.awaitReport(AppState.RUNNING, 1);
    ProcessHandle.of(machine.pid()).orElseThrow().destroyForcibly();
    until(() -> machine.started().size() == 2);
    until(() -> machine.region.reports(APP).getLast().state() == AppState.RUNNING);
    assertThat(isThere("drain")).isFalse();
  }

  @Test
  void a_release_counts_as_running_only_after_its_after_start() throws Exception {
    machine.start();
    assign(7, 1, run(null, hook("touch begun; while [ ! -e go ]; do sleep 0.05; done", LONG)));
    until(() -> isThere("begun"));
    machine.awaitReport(AppState.ACTIVATING, 1);
    assertThat(machine.answer()).startsWith("7 ");
    assertThat(machine.region.reports(APP))
        .extracting(r -> r.state())
        .doesNotContain(AppState.RUNNING);
    Files.createFile(folder.resolve("go"));
    machine.awaitReport(AppState.RUNNING, 1);
    assertThat(count("after-start", "succeeded")).isOne();
  }

  @Test
  void an_after_start_that_fails_takes_the_release_back() throws Exception {
    machine.start();
    assign(7, 1, RUN);
    machine.awaitReport(AppState.RUNNING, 1);
    assign(8, 2, run(null, hook("exit 3", LONG)));
    var failed = machine.awaitReport(r -> r.state() == AppState.FAILED && r.running() != null);
    assertThat(failed.detail()).contains("run.after-start ended with 3");
    assertThat(failed.running()).isEqualTo(7);
    assign(9, 3, run(null, hook("sleep 600", Duration.ofSeconds(1))));
    failed =
        machine.awaitReport(
            r -> r.revision() == 3 && r.state() == AppState.FAILED && r.running() != null);
    assertThat(failed.detail()).contains("run.after-start did not end within 1 s");
    assertThat(machine.answer()).startsWith("7 ");
    assertThat(machine.started()).containsExactly("7", "8", "7", "9", "7");
  }

  @Test
  void a_newer_target_does_not_wait_for_an_after_start() throws Exception {
    machine.start();
    assign(7, 1, run(null, hook("echo $$ > hook; sleep 600", LONG)));
    until(() -> isThere("hook") && Files.size(folder.resolve("hook")) > 0);
    assign(8, 2, RUN);
    machine.awaitReport(AppState.RUNNING, 2);
    until(() -> !isAlive(folder.resolve("hook")));
    assertThat(machine.region.reports(APP))
        .extracting(r -> r.state())
        .doesNotContain(AppState.FAILED);
  }
}
