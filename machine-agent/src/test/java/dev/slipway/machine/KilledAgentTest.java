package dev.slipway.machine;

import static dev.slipway.machine.TestMachine.APP;
import static dev.slipway.machine.TestMachine.RUN;
import static dev.slipway.machine.TestMachine.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.artifact.Form;
import dev.slipway.common.machine.AppState;
import dev.slipway.common.recipe.RunRecipe;
import dev.slipway.common.swarm.Artifacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The agent's process ends at any line; the next one ends the work, and runs the app once. */
@NullMarked
class KilledAgentTest {
  @TempDir Path folder;
  private TestMachine machine;
  private Path app;

  @BeforeEach
  void build() throws IOException {
    machine = new TestMachine(folder);
    app = machine.dir.resolve("apps/hello");
  }

  @AfterEach
  void stop() throws Exception {
    machine.endProcesses();
  }

  private void assign(long build, long revision) {
    // large enough that unpacking it takes a while
    var script = Arrays.copyOf(script(build), 20_000_000);
    machine.region.assign(
        APP, revision, machine.region.publish(APP, build, script, Form.FILE, "app.sh", RUN));
  }

  private static byte[] script(long build) {
    return (TinyApp.script() + "exit; #" + build).getBytes(StandardCharsets.UTF_8);
  }

  private void assertRunsOnce(long build) throws Exception {
    assertThat(machine.answer()).startsWith(build + " ");
    assertThat(machine.appProcesses())
        .extracting(ProcessHandle::pid)
        .containsExactly(machine.pid());
    assertThat(Files.readSymbolicLink(app.resolve("current")))
        .isEqualTo(Path.of("releases/" + build));
  }

  /** What is seen on disk when a step was made. */
  enum Step {
    UNPACKING,
    UNPACKED,
    STOPPED,
    SWITCHED,
    STARTED;

    boolean isReached(Path app) throws IOException {
      return switch (this) {
        case UNPACKING -> Files.exists(app.resolve("releases/8.tmp")) || UNPACKED.isReached(app);
        case UNPACKED -> Files.exists(app.resolve("releases/8"));
        case STOPPED -> Files.exists(app.resolve("releases/8")) && !isNoted(app, "7");
        case SWITCHED ->
            Files.readSymbolicLink(app.resolve("current")).equals(Path.of("releases/8"));
        case STARTED -> isNoted(app, "8");
      };
    }

    private static boolean isNoted(Path app, String build) throws IOException {
      var note = app.resolve("app.pid");
      try {
        return Files.readString(note).startsWith(build + "\n");
      } catch (NoSuchFileException none) {
        return false;
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void killed_after_each_step_the_next_one_goes_on(Step step) throws Exception {
    var agent = machine.startProcess();
    assign(7, 1);
    machine.awaitReport(AppState.RUNNING, 1);
    assign(8, 2);
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!step.isReached(app)) {
      // no pause: a step may be short
      assertThat(System.nanoTime()).as("%s is reached", step).isLessThan(deadline);
    }
    agent.destroyForcibly().waitFor();
    machine.startProcess();
    machine.awaitReport(AppState.RUNNING, 2);
    assertRunsOnce(8);
  }

  @Test
  void killed_at_any_time_again_and_again_the_last_target_runs_and_nothing_else() throws Exception {
    var waits = ThreadLocalRandom.current().longs(6, 100, 2_500).toArray();
    for (var i = 0; i < waits.length; i++) {
      var agent = machine.startProcess();
      assign(7 + i, 1 + i);
      agent.waitFor(waits[i], TimeUnit.MILLISECONDS);
      agent.destroyForcibly().waitFor();
      assertThat(machine.appProcesses())
          .as("killed after %s ms", Arrays.toString(waits))
          .hasSizeLessThanOrEqualTo(1);
    }
    machine.startProcess();
    machine.awaitReport(AppState.RUNNING, waits.length);
    assertRunsOnce(6 + waits.length);
  }

  /** The host went down with all that ran on it, and the region is out of reach. */
  @Test
  void after_a_restart_of_the_host_the_app_is_started_again_without_anybody() throws Exception {
    var agent = machine.startProcess();
    assign(7, 1);
    machine.awaitReport(AppState.RUNNING, 1);
    agent.destroyForcibly().waitFor();
    var pid = machine.pid();
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    until(() -> ProcessHandle.of(pid).isEmpty());
    machine.region.close();
    machine.startProcess();
    until(() -> machine.started().equals(List.of("7", "7")));
    until(this::answers);
    assertRunsOnce(7);
  }

  @Test
  void a_number_that_somebody_else_has_after_a_restart_of_the_host_is_left_alone()
      throws Exception {
    var agent = machine.startProcess();
    assign(7, 1);
    machine.awaitReport(AppState.RUNNING, 1);
    agent.destroyForcibly().waitFor();
    ProcessHandle.of(machine.pid()).orElseThrow().destroyForcibly();
    var somebody = new ProcessBuilder("setsid", "sleep", "600").start();
    try {
      var stat = Files.readString(Path.of("/proc/" + somebody.pid() + "/stat"));
      Files.writeString(app.resolve("app.pid"), "7\n00000000-0000-0000-0000-000000000000\n" + stat);
      machine.startProcess();
      until(() -> machine.started().equals(List.of("7", "7")));
      until(this::answers);
      assertThat(somebody.isAlive()).isTrue();
    } finally {
      somebody.destroyForcibly().waitFor();
    }
  }

  private boolean answers() throws Exception {
    try {
      return !machine.answer().isEmpty();
    } catch (IOException notYet) {
      return false;
    }
  }

  @Test
  void killed_in_the_midst_of_a_delta_the_next_one_moves_little_more_than_what_changed()
      throws Exception {
    var first = Arrays.copyOf(script(7), 8_000_000);
    System.arraycopy(
        Artifacts.bytes(first.length - 10_000, 1), 0, first, 10_000, first.length - 10_000);
    var second = first.clone();
    System.arraycopy(script(8), 0, second, 0, script(8).length);
    System.arraycopy(Artifacts.bytes(60_000, 2), 0, second, 4_000_000, 60_000);
    var agent = machine.startProcess();
    machine.region.assign(APP, 1, machine.region.publish(APP, 7, first, Form.FILE, "app.sh", RUN));
    machine.awaitReport(AppState.RUNNING, 1);
    var inTheMidst = new CountDownLatch(1);
    var never = new CountDownLatch(1);
    machine.region.served =
        bytes -> {
          if (bytes.length == second.length) {
            inTheMidst.countDown();
            awaitQuietly(never);
          }
          return bytes;
        };
    machine.region.assign(APP, 2, machine.region.publish(APP, 8, second, Form.FILE, "app.sh", RUN));
    assertThat(inTheMidst.await(30, TimeUnit.SECONDS)).isTrue();
    agent.destroyForcibly().waitFor();
    never.countDown();
    machine.region.served = bytes -> bytes;
    machine.region.artifactBytes.set(0);
    machine.startProcess();
    machine.awaitReport(AppState.RUNNING, 2);
    assertRunsOnce(8);
    assertThat(machine.region.artifactBytes.get()).isLessThan(second.length / 4);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void killed_while_a_hook_runs_the_next_one_runs_it_again_and_leaves_nothing() throws Exception {
    var hook = "cd %s; echo $$ >> hooks; while [ ! -e go ]; do sleep 0.05; done".formatted(folder);
    var run =
        new RunRecipe(
            RUN.start(),
            RUN.health(),
            RUN.stop(),
            null,
            new RunRecipe.Hook(hook, Duration.ofMinutes(5)));
    var hooks = folder.resolve("hooks");
    var agent = machine.startProcess();
    machine.region.assign(
        APP, 1, machine.region.publish(APP, 7, script(7), Form.FILE, "app.sh", run));
    until(() -> Files.exists(hooks) && Files.readAllLines(hooks).size() == 1);
    agent.destroyForcibly().waitFor();
    machine.startProcess();
    until(() -> Files.readAllLines(hooks).size() == 2);
    var left = Long.parseLong(Files.readAllLines(hooks).getFirst());
    until(() -> ProcessHandle.of(left).isEmpty());
    Files.createFile(folder.resolve("go"));
    machine.awaitReport(AppState.RUNNING, 1);
    assertThat(machine.started()).containsExactly("7");
    assertRunsOnce(7);
  }
}
