package dev.slipway.machine;

import static dev.slipway.machine.TestMachine.APP;
import static dev.slipway.machine.TestMachine.RUN;
import static dev.slipway.machine.TestMachine.until;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.common.artifact.Form;
import dev.slipway.common.machine.AppState;
import dev.slipway.common.recipe.RunRecipe;
import dev.slipway.common.swarm.Artifacts;
import dev.slipway.common.swarm.LibtorrentSwarm;
import dev.slipway.common.trace.TraceParent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.libtorrent4j.Vectors;
import org.libtorrent4j.swig.error_code;
import org.libtorrent4j.swig.libtorrent;
import tools.jackson.databind.json.JsonMapper;

/** The agent as a process of its own, and its sudden end. */
@NullMarked
class MachineAgentProcessTest {
  private static final int PIECE = 16 << 10;

  @TempDir Path folder;
  private TestMachine machine;

  @BeforeEach
  void build() throws IOException {
    machine = new TestMachine(folder);
  }

  @AfterEach
  void stop() throws Exception {
    machine.endProcesses();
  }

  private Process agent() throws IOException {
    return machine.startProcess();
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
    var metrics = machine.dir.resolve("slipway.prom");
    until(() ->
        Files.exists(metrics)
            && Files.readString(metrics).contains("slipway_loop_failures_total{"));
    agent.destroy();
    assertThat(agent.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(machine.pid()).isEqualTo(pid);
  }

  @Test
  void told_to_stop_its_apps_it_ends_them_as_their_release_asks_before_itself() throws Exception {
    var agent = machine.startProcess("slipway.machine.stop-apps=true");
    var bye = folder.resolve("bye");
    var farewell = new RunRecipe.Hook("echo bye > " + bye, Duration.ofSeconds(10));
    deploy(7, 1, new RunRecipe(RUN.start(), RUN.health(), RUN.stop(), farewell, null));
    machine.awaitReport(AppState.RUNNING, 1);
    var pid = machine.pid();
    agent.destroy();
    assertThat(agent.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    assertThat(bye).hasContent("bye\n");
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
  void killed_in_the_midst_of_a_download_the_next_one_fetches_only_what_lacks() throws Exception {
    assumeTrue(LibtorrentSwarm.isAvailable());
    var pieces = 200;
    var before = ThreadLocalRandom.current().nextInt(pieces / 4, pieces * 3 / 4);
    var script = (TinyApp.script() + "#").getBytes(StandardCharsets.UTF_8);
    var bytes = Arrays.copyOf(script, pieces * PIECE);
    var filler =
        HexFormat.of().formatHex(Artifacts.bytes(bytes.length / 2, before)).getBytes(US_ASCII);
    System.arraycopy(filler, 0, bytes, script.length, bytes.length - script.length);
    var dealer = new FakeDealer(before);
    machine.region.dealer = dealer;
    var release = machine.region.publish(APP, 7, bytes, Form.FILE, "app.sh", RUN);
    machine.region.assign(APP, 1, release);
    var artifact = machine.dir.resolve("artifacts/" + release.sha256());

    var agent = agent();
    // what the agent has noted by then is what the next one need not look for
    until(() -> noted(artifact) == before);
    agent.destroyForcibly().waitFor();
    dealer.goOn();
    agent();
    machine.awaitReport(AppState.RUNNING, 1);
    assertThat(machine.answer()).startsWith("7 ");
    assertThat(artifact).hasBinaryContent(bytes);
    // besides each piece once: those that its three lines were reading when it was killed, and a
    // few at the end that two lines ask for on a busy host
    assertThat(dealer.sent())
        .as("killed after %d pieces", before)
        .isBetween((long) bytes.length, bytes.length + 8L * PIECE);
    assertThat(machine.region.artifactBytes).as("by HTTP from the start").hasValue(0);
  }

  /** How many pieces the agent's note of an unfinished file lists. */
  private static int noted(Path artifact) throws IOException {
    var note = Path.of(artifact + ".resume");
    if (!Files.exists(note)) {
      return 0;
    }
    var bytes = Vectors.bytes2byte_vector(Files.readAllBytes(note));
    return libtorrent.read_resume_data_ex(bytes, new error_code()).get_have_pieces().count();
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
  void by_the_services_setting_its_log_is_json_with_the_ids_of_traces() throws Exception {
    var trace = TraceParent.start(false);
    machine.startProcess(Map.of("LOGGING_STRUCTURED_FORMAT_CONSOLE", "logstash"));
    var release = machine.region.publish(APP, 7, TinyApp.script() + "#7", RUN);
    machine.region.assign(APP, 1, release.in(trace));
    machine.awaitReport(AppState.RUNNING, 1);
    var said = Files.readAllLines(folder.resolve("out"));
    assertThat(said).noneMatch(line -> line.contains("INFO  ["));
    var line =
        said.stream()
            .filter(text -> text.startsWith("{"))
            .map(JsonMapper.shared()::readTree)
            .filter(json -> json.path("message").asString().equals("hello runs build 7"))
            .findFirst()
            .orElseThrow();
    assertThat(Instant.parse(line.path("@timestamp").asString())).isAfter(Instant.EPOCH);
    assertThat(line.path("level").asString()).isEqualTo("INFO");
    assertThat(line.path("logger_name").asString()).isEqualTo("dev.slipway.machine.app.Deployer");
    assertThat(line.path("traceId").asString()).isEqualTo(trace.traceId());
    assertThat(line.path("spanId").asString()).isEqualTo(trace.spanId());
  }

  @Test
  void a_form_of_log_that_it_does_not_have_is_told_and_is_json_all_the_same() throws Exception {
    machine.startProcess(Map.of("LOGGING_STRUCTURED_FORMAT_CONSOLE", "gelf"));
    machine.region.assign(APP, 1, machine.region.publish(APP, 7, TinyApp.script() + "#7", RUN));
    machine.awaitReport(AppState.RUNNING, 1);
    assertThat(Files.readAllLines(folder.resolve("out")))
        .anySatisfy(line ->
            assertThat(line)
                .startsWith("{")
                .contains("logging.structured.format.console is gelf; this is logstash"));
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
