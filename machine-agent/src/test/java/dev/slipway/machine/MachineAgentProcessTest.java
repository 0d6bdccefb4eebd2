package dev.slipway.machine;

import static dev.slipway.machine.TestMachine.APP;
import static dev.slipway.machine.TestMachine.RUN;
import static dev.slipway.machine.TestMachine.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.machine.AppState;
import dev.slipway.common.recipe.RunRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent as a process of its own, and its sudden end. */
@NullMarked
class MachineAgentProcessTest {
  @TempDir Path folder;
  private TestMachine machine;
  private final List<Process> agents = new ArrayList<>();

  @BeforeEach
  void build() throws IOException {
    machine = new TestMachine(folder);
  }

  @AfterEach
  void stop() throws Exception {
    for (var agent : agents) {
      agent.destroyForcibly().waitFor();
    }
    // ends the app that the processes left
    machine.start().close();
  }

  private Process agent() throws IOException {
    var config = folder.resolve("agent.properties");
    var key = folder.resolve("key.pem");
    Files.writeString(key, machine.region.trustedKey());
    Files.writeString(
        config,
        """
        slipway.machine.id=m1
        slipway.machine.zone=zone-a
        slipway.machine.regional-agents=%s
        slipway.machine.token=%s
        slipway.machine.trusted-key-files=%s
        slipway.machine.dir=%s
        slipway.machine.swarm-host=127.0.0.1
        slipway.machine.apps.hello.port=%d
        slipway.machine.apps.hello.env.MARKER=%s
        """
            .formatted(
                machine.region.address(),
                FakeRegion.TOKEN,
                key,
                machine.dir,
                machine.port,
                folder.resolve("marker")));
    var process =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx48m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                MachineAgentApplication.class.getName(),
                "--config",
                config.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("out").toFile()))
            .start();
    agents.add(process);
    return process;
  }

  private void deploy(long build, long revision, RunRecipe run) {
    machine.region.assign(
        APP, revision, machine.region.publish(APP, build, TinyApp.script() + "#" + build, run));
  }

  @Test
  void it_says_that_it_is_ready_and_ends_cleanly_while_the_app_runs_on() throws Exception {
    var agent = agent();
    deploy(7, 1, RUN);
    machine.awaitReport(AppState.RUNNING, 1);
    assertThat(Files.readString(folder.resolve("out"))).contains("ready: machine m1");
    assertThat(Files.readString(folder.resolve("out"))).doesNotContain(FakeRegion.TOKEN);
    var pid = machine.pid();
    agent.destroy();
    assertThat(agent.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(machine.pid()).isEqualTo(pid);
  }

  @Test
  void killed_while_it_waits_for_health_the_next_one_goes_on_with_the_same_process()
      throws Exception {
    var slow =
        new RunRecipe(
            "echo $SLIPWAY_BUILD >> $MARKER; while [ ! -e %s ]; do sleep 0.05; done; exec {artifact} {port}"
                .formatted(folder.resolve("go")),
            RUN.health(),
            RUN.stop());
    var agent = agent();
    deploy(7, 1, slow);
    until(() -> machine.started().size() == 1);
    machine.awaitReport(AppState.ACTIVATING, 1);
    agent.destroyForcibly().waitFor();
    Files.createFile(folder.resolve("go"));
    agent();
    machine.awaitReport(AppState.RUNNING, 1);
    // the recipe's own line and the script's: started once
    assertThat(machine.started()).containsExactly("7", "7");
  }

  @Test
  void killed_while_it_fetches_ahead_the_next_one_goes_on_with_what_is_there() throws Exception {
    var agent = agent();
    deploy(7, 1, RUN);
    machine.awaitReport(AppState.RUNNING, 1);
    var next = machine.region.publish(APP, 8, TinyApp.script() + "#" + "x".repeat(4_000_000), RUN);
    machine.region.prefetch(APP, 2, next, 20_000);
    var artifact = machine.dir.resolve("artifacts/" + next.sha256());
    until(() -> Files.exists(artifact) || Files.exists(Path.of(artifact + ".part")));
    agent.destroyForcibly().waitFor();
    assertThat(machine.answer()).startsWith("7 ");
    machine.region.prefetch(APP, 3, next, 1L << 40);
    agent();
    machine.awaitReport(report -> report.ahead() != null && report.ahead() == 8);
    assertThat(machine.started()).containsExactly("7");
    machine.region.assign(APP, 4, next);
    machine.awaitReport(AppState.RUNNING, 4);
    assertThat(machine.answer()).startsWith("8 ");
  }

  @Test
  void killed_while_it_runs_the_next_one_adopts_and_leftovers_are_removed() throws Exception {
    var agent = agent();
    deploy(7, 1, RUN);
    machine.awaitReport(AppState.RUNNING, 1);
    var pid = machine.pid();
    agent.destroyForcibly().waitFor();
    var app = machine.dir.resolve("apps/hello");
    Files.createDirectories(app.resolve("releases/8.tmp/half"));
    Files.writeString(app.resolve("state.json.tmp"), "{\"targ");
    Files.writeString(machine.dir.resolve("artifacts").resolve("f".repeat(64)), "nobody's");
    machine.region.polls.clear();
    agent();
    machine.awaitReport(AppState.RUNNING, 1);
    assertThat(machine.pid()).isEqualTo(pid);
    assertThat(app.resolve("releases/8.tmp")).doesNotExist();
    assertThat(app.resolve("state.json.tmp")).doesNotExist();
    assertThat(machine.dir.resolve("artifacts").resolve("f".repeat(64))).doesNotExist();
  }

  @Test
  void a_wrong_configuration_is_told_in_a_line() throws Exception {
    var config = folder.resolve("bad.properties");
    Files.writeString(config, "slipway.machine.id=m1\n");
    var process =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "-cp",
                System.getProperty("java.class.path"),
                MachineAgentApplication.class.getName(),
                "--config",
                config.toString())
            .start();
    assertThat(process.waitFor(Duration.ofSeconds(20))).isTrue();
    assertThat(process.exitValue()).isEqualTo(2);
    try (var error = process.errorReader()) {
      assertThat(error.readLine())
          .isEqualTo("machine-agent cannot start: slipway.machine.regional-agents must be given");
      assertThat(error.readLine()).isNull();
    }
  }
}
