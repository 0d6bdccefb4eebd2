package dev.slipway.machine;

import static dev.slipway.machine.TestMachine.APP;
import static dev.slipway.machine.TestMachine.RUN;
import static dev.slipway.machine.TestMachine.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.Envelope;
import dev.slipway.common.artifact.SigningKey;
import dev.slipway.common.artifact.TrustedKeys;
import dev.slipway.common.clock.TestClock;
import dev.slipway.common.machine.AppState;
import dev.slipway.common.machine.Labels;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.target.Group;
import dev.slipway.common.target.Release;
import dev.slipway.common.target.Target;
import dev.slipway.common.target.TargetStatement;
import dev.slipway.common.trace.TraceParent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A regional agent in wrong hands: it has every build that was ever signed, and every signed target
 * of before, and still cannot make a machine run anything but what the centre wants.
 */
@NullMarked
class SignedTargetsTest {
  @TempDir Path folder;
  private final TestClock clock = new TestClock();
  private TestMachine machine;
  private Release seven;
  private Release eight;

  @BeforeEach
  void run_the_first() throws Exception {
    machine = new TestMachine(folder);
    machine.clock = clock;
    machine.labels = Labels.of("web");
    seven = publish(7);
    eight = publish(8);
    machine.region.assign(APP, 11, seven);
    machine.start().awaitReport(AppState.RUNNING, 11);
  }

  @AfterEach
  void stop() {
    machine.close();
  }

  private Release publish(long build) {
    return machine.region.publish(APP, build, TinyApp.script() + "#" + build, RUN);
  }

  private Envelope signed(Target target) {
    return machine.region.sign(FakeRegion.NAME, target);
  }

  private void assertRefused(@org.jspecify.annotations.Nullable Envelope statement, String reason)
      throws Exception {
    assertRefused(12, statement, reason);
  }

  /** Hands the machine build 8 with a statement that does not say so. */
  private void assertRefused(
      long revision, @org.jspecify.annotations.Nullable Envelope statement, String reason)
      throws Exception {
    machine.region.assign(machine.region.assignment(APP, revision, eight, statement));
    var report = machine.awaitReport(AppState.FAILED, revision);
    assertThat(report.detail()).contains(reason);
    assertThat(report.build()).isEqualTo(8);
    assertThat(report.running()).isEqualTo(7);
    assertStillRunsTheFirst();
  }

  private void assertStillRunsTheFirst() throws IOException, Exception {
    assertThat(machine.answer()).startsWith("7 ");
    assertThat(machine.started()).containsExactly("7");
    assertThat(machine.dir.resolve("apps/hello/releases/8")).doesNotExist();
    assertThat(machine.region.ranges).hasSize(1);
  }

  @Test
  void what_the_centre_wants_next_runs_whatever_was_tried_before() throws Exception {
    assertRefused(Long.MAX_VALUE, signed(new Target(APP, 12, eight, 100, null, null)), "revision");
    machine.region.assign(APP, 13, eight);
    machine.awaitReport(AppState.RUNNING, 13);
    assertThat(machine.region.reports(APP).getLast().state()).isEqualTo(AppState.RUNNING);
    assertThat(machine.answer()).startsWith("8 ");
  }

  @Test
  void a_target_that_nobody_signed() throws Exception {
    assertRefused(null, "is not signed");
  }

  @Test
  void a_target_of_another_app() throws Exception {
    assertRefused(
        signed(new Target(new AppName("other"), 12, eight, 100, null, null)),
        "was signed for app other, not for hello");
  }

  @Test
  void a_target_of_another_build() throws Exception {
    assertRefused(signed(new Target(APP, 12, seven, 100, null, null)), "another release");
  }

  @Test
  void a_target_of_the_same_build_with_other_bytes() throws Exception {
    var other = new Release(8, FakeRegion.sha256(new byte[1]), eight.size(), eight.manifest());
    assertRefused(signed(new Target(APP, 12, other, 100, null, null)), "another release");
  }

  @Test
  void a_release_that_is_told_in_another_span_than_it_was_signed_in_is_run() throws Exception {
    var region = TraceParent.start(true);
    var target = new Target(APP, 12, eight.in(region), 100, null, null);
    var told = eight.in(region.child("machine/m1"));
    machine.region.assign(machine.region.assignment(APP, 12, told, signed(target)));
    machine.awaitReport(AppState.RUNNING, 12);
    assertThat(machine.answer()).startsWith("8 ");
  }

  @Test
  void a_target_for_a_share_that_this_machine_is_not_of() throws Exception {
    assertRefused(signed(new Target(APP, 12, eight, 0, seven, null)), "another release");
  }

  @Test
  void a_target_for_a_group_that_this_machine_is_of_is_run() throws Exception {
    var web = List.of(new Group(Labels.of("web"), 100));
    var target = new Target(APP, 12, eight, 0, seven, null, null, Labels.of("web"), web);
    machine.region.assign(machine.region.assignment(APP, 12, eight, signed(target)));
    machine.awaitReport(AppState.RUNNING, 12);
    assertThat(machine.answer()).startsWith("8 ");
    assertThat(machine.region.polls.getLast().labels()).isEqualTo(Labels.of("web"));
    machine.awaitReport(report -> report.kept().equals(List.of(8L, 7L)));
  }

  @Test
  void a_target_for_a_group_that_this_machine_is_not_of() throws Exception {
    var canaries = List.of(new Group(Labels.of("canary"), 100));
    var target = new Target(APP, 12, eight, 0, seven, null, null, Labels.NONE, canaries);
    assertRefused(signed(target), "another release");
  }

  @Test
  void a_machine_that_gets_a_label_runs_what_the_same_target_says_of_it_then() throws Exception {
    var canaries = List.of(new Group(Labels.of("canary"), 100));
    var target = new Target(APP, 12, eight, 0, seven, null, null, Labels.NONE, canaries);
    machine.region.assign(machine.region.assignment(APP, 12, seven, signed(target)));
    machine.awaitReport(AppState.RUNNING, 12);
    machine.stopAgent();
    machine.labels = Labels.of("canary");
    machine.region.assign(machine.region.assignment(APP, 12, eight, signed(target)));
    machine.start();
    machine.awaitReport(report -> report.state() == AppState.RUNNING && report.build() == 8);
    assertThat(machine.answer()).startsWith("8 ");
  }

  @Test
  void a_target_of_an_app_that_is_not_for_machines_like_this() throws Exception {
    var target = new Target(APP, 12, eight, 100, seven, null, null, Labels.of("gpu"), List.of());
    assertRefused(signed(target), "another release");
  }

  @Test
  void a_target_whose_build_before_is_handed_out_as_the_one_to_run() throws Exception {
    assertRefused(signed(new Target(APP, 12, seven, 100, eight, null)), "another release");
  }

  @Test
  void a_target_of_another_region() throws Exception {
    assertRefused(
        machine.region.sign(new RegionName("us"), new Target(APP, 12, eight, 100, null, null)),
        "was signed for region us, not for eu");
  }

  @Test
  void an_older_target_as_if_it_were_new() throws Exception {
    assertRefused(
        signed(new Target(APP, 10, eight, 100, null, null)), "was signed for revision 10");
  }

  @Test
  void an_older_target_as_it_was_signed_changes_nothing() throws Exception {
    machine.stopAgent();
    machine.region.assign(APP, 10, eight);
    machine.region.polls.clear();
    machine.start();
    until(() -> machine.meters.counter("slipway.machine.targets.refused").count() > 0);
    machine.awaitReport(AppState.RUNNING, 11);
    assertStillRunsTheFirst();
  }

  @Test
  void a_target_that_another_key_signed_also_under_the_right_ones_name() throws Exception {
    var stranger = SigningKey.generate();
    var statement =
        new TargetStatement(
            FakeRegion.NAME, new Target(APP, 12, eight, 100, null, null), machine.region.expires);
    assertRefused(
        SigningKey.of(TrustedKeys.idOf(stranger.publicKey()), stranger.privateKey())
            .sign(TargetStatement.TYPE, statement),
        "signed by a trusted key");
    assertRefused(
        13,
        SigningKey.of(TrustedKeys.idOf(machine.region.targetKey()), stranger.privateKey())
            .sign(TargetStatement.TYPE, statement),
        "signed by a trusted key");
  }

  @Test
  void something_else_that_the_centre_signed() throws Exception {
    assertRefused(
        machine.region.centre.sign("application/other", List.of("build 8")), "must be of type");
  }

  /** The centre has been away for longer than its signatures are good. */
  @Test
  void an_expired_target_is_not_begun_and_begun_once_it_is_signed_anew() throws Exception {
    machine.region.expires = clock.instant().plus(Duration.ofDays(7));
    var statement = machine.region.sign(APP, 12, eight);
    clock.pass(Duration.ofDays(7));
    assertRefused(statement, "was good until 2026-01-08T00:00:00Z");
    machine.region.expires = clock.instant().plus(Duration.ofDays(7));
    machine.region.assign(APP, 12, eight);
    machine.awaitReport(AppState.RUNNING, 12);
    assertThat(machine.answer()).startsWith("8 ");
  }

  @Test
  void what_runs_goes_on_and_is_started_again_long_after_its_target_expired() throws Exception {
    machine.stopAgent();
    machine.region.expires = clock.instant();
    machine.region.assign(APP, 11, seven);
    clock.pass(Duration.ofDays(365));
    var pid = machine.pid();
    machine.region.polls.clear();
    machine.start().awaitReport(AppState.RUNNING, 11);
    assertThat(machine.pid()).isEqualTo(pid);
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    until(() -> machine.started().size() == 2);
    until(() -> machine.region.reports(APP).getLast().state() == AppState.RUNNING);
    assertThat(machine.answer()).startsWith("7 ");
  }

  @Test
  void a_clock_that_jumps_stops_nothing_and_is_named_where_it_matters() throws Exception {
    machine.region.expires = clock.instant().plus(Duration.ofDays(7));
    clock.pass(Duration.ofDays(10_000));
    assertRefused(machine.region.sign(APP, 12, eight), "and here it is 2053-05-19");
    clock.pass(Duration.ofDays(-20_000));
    // asked for again by itself
    machine.awaitReport(AppState.RUNNING, 12);
    assertThat(machine.answer()).startsWith("8 ");
  }

  @Test
  void an_app_that_nobody_wants_here_is_not_taken_in() throws Exception {
    machine.stopAgent();
    machine.anyApp = new PortRange(machine.port, machine.port);
    machine.start();
    var other = new AppName("other");
    var release = machine.region.publish(other, 3, TinyApp.script(), RUN);
    machine.region.assign(machine.region.assignment(other, 12, release, null));
    until(() -> machine.meters.counter("slipway.machine.targets.refused").count() > 0);
    assertThat(machine.dir.resolve("apps/other")).doesNotExist();
    assertStillRunsTheFirst();
  }

  @Test
  void without_target_keys_all_targets_are_believed() throws Exception {
    machine.stopAgent();
    machine.targetKeys = List.of();
    machine.start();
    machine.region.assign(machine.region.assignment(APP, 12, eight, null));
    machine.awaitReport(AppState.RUNNING, 12);
  }
}
