package dev.slipway.machine;

import static dev.slipway.machine.TestMachine.APP;
import static dev.slipway.machine.TestMachine.RUN;
import static dev.slipway.machine.TestMachine.until;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.slipway.common.artifact.Form;
import dev.slipway.common.machine.AppState;
import dev.slipway.common.recipe.RunRecipe;
import dev.slipway.common.trace.LogLines;
import dev.slipway.common.trace.TraceParent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@NullMarked
class MachineAgentTest {
  private static final RunRecipe IMPATIENT =
      new RunRecipe(
          RUN.start(),
          new RunRecipe.Health("http://127.0.0.1:{port}/", Duration.ofSeconds(1)),
          RUN.stop());
  private static final String SICK = "#!/bin/sh\necho $SLIPWAY_BUILD >> $MARKER; exec sleep 60\n";

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

  private void deploy(long build, long revision) throws Exception {
    machine.region.assign(
        APP, revision, machine.region.publish(APP, build, TinyApp.script() + "#" + build, RUN));
    machine.awaitReport(AppState.RUNNING, revision);
  }

  @Test
  void the_first_release_runs_and_answers_on_its_port() throws Exception {
    machine.start();
    deploy(7, 1);
    assertThat(machine.answer()).startsWith("7 ");
    assertThat(machine.region.reports(APP))
        .extracting(r -> r.state())
        .contains(AppState.DOWNLOADING, AppState.ACTIVATING, AppState.RUNNING);
  }

  @Test
  void the_next_release_takes_over_and_the_last_three_are_kept() throws Exception {
    machine.start();
    deploy(7, 1);
    deploy(8, 2);
    assertThat(machine.answer()).startsWith("8 ");
    deploy(9, 3);
    assertThat(machine.dir.resolve("apps/hello/releases/7")).isDirectory();
    deploy(10, 4);
    assertThat(machine.answer()).startsWith("10 ");
    var app = machine.dir.resolve("apps/hello");
    until(() -> !Files.exists(app.resolve("manifests/7.json")));
    assertThat(kept()).containsExactly("10", "8", "9");
    assertThat(app.resolve("current")).isSymbolicLink().hasFileName("current");
    assertThat(Files.readSymbolicLink(app.resolve("current"))).isEqualTo(Path.of("releases/10"));
    // of the third one the release alone
    until(() -> artifactsKept() == 2);
  }

  private List<String> kept() throws IOException {
    try (var all = Files.list(machine.dir.resolve("apps/hello/releases"))) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void an_agent_that_is_to_keep_fewer_releases_removes_the_others() throws Exception {
    machine.start();
    deploy(7, 1);
    deploy(8, 2);
    deploy(9, 3);
    machine.stopAgent();
    machine.keepReleases = 2;
    machine.start();
    assertThat(kept()).containsExactly("8", "9");
    deploy(10, 4);
    until(() -> kept().equals(List.of("10", "9")));
  }

  private long artifactsKept() throws IOException {
    try (var all = Files.list(machine.dir.resolve("artifacts"))) {
      return all.filter(p -> p.getFileName().toString().length() == 64).count();
    }
  }

  @Test
  void a_release_that_ends_at_once_is_replaced_by_the_one_before() throws Exception {
    machine.start();
    deploy(7, 1);
    machine.region.assign(
        APP,
        2,
        machine.region.publish(APP, 8, "#!/bin/sh\necho $SLIPWAY_BUILD >> $MARKER\nexit 3\n", RUN));
    var report = machine.awaitReport(r -> r.state() == AppState.FAILED && r.running() != null);
    assertThat(report.running()).isEqualTo(7);
    assertThat(report.build()).isEqualTo(8);
    assertThat(report.detail()).contains("ended before it was healthy");
    assertThat(machine.answer()).startsWith("7 ");
    assertThat(machine.started()).containsExactly("7", "8", "7");
  }

  @Test
  void a_release_that_does_not_become_healthy_is_replaced_by_the_one_before() throws Exception {
    machine.start();
    deploy(7, 1);
    machine.region.assign(APP, 2, machine.region.publish(APP, 8, SICK, IMPATIENT));
    var report = machine.awaitReport(r -> r.state() == AppState.FAILED && r.running() != null);
    assertThat(report.running()).isEqualTo(7);
    assertThat(report.detail()).contains("not healthy within 1 s");
    deploy(9, 3);
    assertThat(machine.answer()).startsWith("9 ");
  }

  @Test
  void a_rollback_to_the_release_before_downloads_nothing() throws Exception {
    machine.start();
    var first = machine.region.publish(APP, 7, TinyApp.script() + "#7", RUN);
    machine.region.assign(APP, 1, first);
    machine.awaitReport(AppState.RUNNING, 1);
    deploy(8, 2);
    var downloads = machine.region.ranges.size();
    machine.region.assign(APP, 3, first);
    machine.awaitReport(AppState.RUNNING, 3);
    assertThat(machine.answer()).startsWith("7 ");
    assertThat(machine.region.ranges).hasSize(downloads);
  }

  @Test
  void a_rollback_further_back_downloads_nothing_either_and_is_kept_as_any_other()
      throws Exception {
    machine.start();
    var first = machine.region.publish(APP, 7, TinyApp.script() + "#7", RUN);
    machine.region.assign(APP, 1, first);
    machine.awaitReport(AppState.RUNNING, 1);
    deploy(8, 2);
    deploy(9, 3);
    var downloads = machine.region.ranges.size();
    machine.region.assign(APP, 4, first);
    machine.awaitReport(AppState.RUNNING, 4);
    assertThat(machine.answer()).startsWith("7 ");
    assertThat(machine.region.ranges).hasSize(downloads);
    machine.stopAgent();
    machine.region.polls.clear();
    machine.start().awaitReport(AppState.RUNNING, 4);
    assertThat(kept()).containsExactly("7", "8", "9");
    deploy(10, 5);
    until(() -> kept().equals(List.of("10", "7", "9")));
  }

  @Test
  void a_higher_revision_of_what_runs_already_restarts_nothing() throws Exception {
    machine.start();
    var release = machine.region.publish(APP, 7, TinyApp.script(), RUN);
    machine.region.assign(APP, 1, release);
    machine.awaitReport(AppState.RUNNING, 1);
    var pid = machine.pid();
    machine.region.assign(APP, 2, release);
    machine.awaitReport(AppState.RUNNING, 2);
    assertThat(machine.pid()).isEqualTo(pid);
  }

  @Test
  void an_app_that_dies_is_started_again() throws Exception {
    machine.start();
    deploy(7, 1);
    var pid = machine.pid();
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    until(() -> machine.started().size() == 2);
    machine.awaitReport(r -> r.state() == AppState.FAILED);
    until(() -> machine.region.reports(APP).getLast().state() == AppState.RUNNING);
    assertThat(machine.pid()).isNotEqualTo(pid);
    assertThat(machine.region.reports(APP).getLast().restarts()).isEqualTo(1);
    deploy(8, 2);
    assertThat(machine.region.reports(APP).getLast().restarts()).as("of another build").isZero();
  }

  @Test
  void a_lower_revision_is_refused_also_after_a_restart() throws Exception {
    machine.start();
    deploy(7, 5);
    var older = machine.region.publish(APP, 6, TinyApp.script() + "#6", RUN);
    machine.stopAgent();
    machine.region.assign(APP, 4, older);
    machine.start();
    until(() -> refused() > 0);
    assertThat(machine.answer()).startsWith("7 ");
    assertThat(machine.started()).containsExactly("7");
  }

  private double refused() {
    return machine.meters.counter("slipway.machine.targets.refused").count();
  }

  @Test
  void the_next_agent_adopts_the_process_of_the_one_before() throws Exception {
    machine.start();
    deploy(7, 1);
    var pid = machine.pid();
    machine.stopAgent();
    assertThat(machine.pid()).isEqualTo(pid);
    machine.region.polls.clear();
    machine.start();
    machine.awaitReport(AppState.RUNNING, 1);
    assertThat(machine.pid()).isEqualTo(pid);
    deploy(8, 2);
    assertThat(ProcessHandle.of(pid)).isEmpty();
    assertThat(machine.answer()).startsWith("8 ");
  }

  @Test
  void what_ended_meanwhile_is_started_again_without_the_region() throws Exception {
    machine.start();
    deploy(7, 1);
    machine.stopAgent();
    var pid = machine.pid();
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    until(() -> ProcessHandle.of(pid).isEmpty());
    machine.region.close();
    machine.start();
    until(() -> machine.started().size() == 2);
    until(this::answers);
    assertThat(machine.answer()).startsWith("7 ");
  }

  @Test
  void a_note_of_a_process_that_a_power_cut_left_empty_does_not_stop_a_start() throws Exception {
    machine.start();
    deploy(7, 1);
    machine.stopAgent();
    var pid = machine.pid();
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    until(() -> ProcessHandle.of(pid).isEmpty());
    Files.write(machine.dir.resolve("apps/hello/app.pid"), new byte[0]);
    machine.start();
    until(() -> machine.started().size() == 2);
    until(this::answers);
  }

  private boolean answers() throws Exception {
    try {
      return !machine.answer().isEmpty();
    } catch (IOException notYet) {
      return false;
    }
  }

  @Test
  void a_folder_is_unpacked_under_its_name_and_runs() throws Exception {
    var script = TinyApp.script().getBytes(StandardCharsets.UTF_8);
    var tar = new ByteArrayOutputStream();
    try (var out = new TarArchiveOutputStream(tar)) {
      var entry = new TarArchiveEntry("bin/run");
      entry.setMode(0755);
      entry.setSize(script.length);
      out.putArchiveEntry(entry);
      out.write(script);
      out.closeArchiveEntry();
    }
    var run = new RunRecipe("exec {artifact}/bin/run {port}", RUN.health(), RUN.stop());
    machine.start();
    machine.region.assign(
        APP, 1, machine.region.publish(APP, 7, tar.toByteArray(), Form.TAR, "my app", run));
    machine.awaitReport(AppState.RUNNING, 1);
    assertThat(machine.dir.resolve("apps/hello/current/my app/bin/run")).isExecutable();
  }

  @Test
  void a_newer_target_supersedes_a_download() throws Exception {
    var asked = new CountDownLatch(1);
    var never = new CountDownLatch(1);
    machine.region.served =
        bytes -> {
          asked.countDown();
          try {
            never.await(20, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return bytes;
        };
    machine.start();
    machine.region.assign(APP, 1, machine.region.publish(APP, 7, SICK, RUN));
    asked.await();
    machine.region.served = bytes -> bytes;
    deploy(8, 2);
    never.countDown();
    assertThat(machine.started()).containsExactly("8");
  }

  @Test
  void a_newer_target_supersedes_one_whose_health_is_waited_for() throws Exception {
    machine.start();
    deploy(7, 1);
    var pid = folder.resolve("pid");
    var neverWell =
        "#!/bin/sh\necho $$ > %s.new; mv %s.new %s; exec sleep 60\n".formatted(pid, pid, pid);
    var patient =
        new RunRecipe(
            RUN.start(),
            new RunRecipe.Health("http://127.0.0.1:{port}/", Duration.ofMinutes(10)),
            RUN.stop());
    machine.region.assign(APP, 2, machine.region.publish(APP, 8, neverWell, patient));
    until(() -> Files.exists(pid));
    deploy(9, 3);
    assertThat(machine.answer()).startsWith("9 ");
    assertThat(ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))).isEmpty();
    assertThat(machine.region.reports(APP))
        .extracting(r -> r.state())
        .doesNotContain(AppState.FAILED);
    assertThat(machine.dir.resolve("apps/hello/releases/8")).doesNotExist();
  }

  @Test
  void what_is_said_of_a_release_names_its_span() throws Exception {
    var well = TraceParent.start(false);
    var sick = TraceParent.start(false);
    machine.start();
    try (var log = new LogLines()) {
      var seven = machine.region.publish(APP, 7, TinyApp.script() + "#7", RUN);
      machine.region.assign(APP, 1, seven.in(well));
      machine.awaitReport(AppState.RUNNING, 1);
      var eight = machine.region.publish(APP, 8, SICK, RUN);
      machine.region.assign(APP, 2, eight.in(sick));
      machine.awaitReport(AppState.FAILED, 2);
      assertThat(log.saying("runs build 7"))
          .extracting(LogLines.Line::trace)
          .containsExactly(LogLines.of(well));
      assertThat(log.saying("cannot run build 8"))
          .extracting(LogLines.Line::trace)
          .containsExactly(LogLines.of(sick));
    }
  }

  @Test
  void a_disk_that_takes_nothing_fails_clearly_and_is_said_once() throws Exception {
    machine.start();
    deploy(7, 1);
    var logged = new ListAppender<ILoggingEvent>();
    logged.start();
    var logger = (Logger) LoggerFactory.getLogger("dev.slipway");
    logger.addAppender(logged);
    try {
      var inTheWay = machine.dir.resolve("apps/hello/state.json.tmp");
      Files.createDirectories(inTheWay.resolve("x"));
      machine.region.assign(APP, 2, machine.region.publish(APP, 8, TinyApp.script() + "#8", RUN));
      var report = machine.awaitReport(AppState.FAILED, 1);
      assertThat(report.detail()).contains("state.json.tmp");
      assertThat(report.running()).isEqualTo(7);
      until(() -> machine.meters.counter("slipway.machine.faults", "app", "hello").count() > 5);
      assertThat(logged.list).filteredOn(e -> e.getLevel() == Level.WARN).hasSize(1);
      Files.delete(inTheWay.resolve("x"));
      // the target was told once only, and is not lost
      machine.awaitReport(AppState.RUNNING, 2);
      assertThat(machine.answer()).startsWith("8 ");
    } finally {
      logger.detachAppender(logged);
    }
  }

  @Test
  void polls_grow_in_sequence_and_one_waits_while_news_are_told() throws Exception {
    machine.start();
    deploy(7, 1);
    var sequences = machine.region.polls.stream().map(p -> p.sequence()).toList();
    assertThat(sequences).doesNotHaveDuplicates();
    assertThat(machine.region.polls).extracting(p -> p.waitSeconds()).contains(0, 30);
  }
}
