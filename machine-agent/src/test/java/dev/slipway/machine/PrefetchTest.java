package dev.slipway.machine;

import static dev.slipway.machine.TestMachine.APP;
import static dev.slipway.machine.TestMachine.RUN;
import static dev.slipway.machine.TestMachine.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.common.artifact.Manifest;
import dev.slipway.common.artifact.SigningKey;
import dev.slipway.common.artifact.TrustedKeys;
import dev.slipway.common.machine.AppState;
import dev.slipway.common.swarm.LibtorrentSwarm;
import dev.slipway.common.target.Release;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is here before it is asked for. */
@NullMarked
class PrefetchTest {
  private static final long FAST = 1L << 40;

  /** Too slow for any test to wait for. */
  private static final long SLOW = 20_000;

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

  private Release publish(long build) {
    return publish(build, 0);
  }

  private Release publish(long build, int more) {
    return machine.region.publish(
        APP, build, TinyApp.script() + "#" + build + "x".repeat(more), RUN);
  }

  private void run(long build, long revision) throws Exception {
    run(publish(build), revision);
  }

  private void run(Release release, long revision) throws Exception {
    machine.region.assign(APP, revision, release);
    machine.awaitReport(AppState.RUNNING, revision);
  }

  /** What has no block signatures comes whole, in one file. */
  private static Manifest withoutBlocks(Manifest manifest) {
    return new Manifest(
        manifest.app(),
        manifest.job(),
        manifest.attempt(),
        manifest.commit(),
        manifest.size(),
        manifest.sha256(),
        manifest.crc32c(),
        manifest.form(),
        manifest.fileName(),
        manifest.torrentInfo(),
        null,
        manifest.run(),
        manifest.builder(),
        manifest.builtAt());
  }

  private void awaitAhead(long build) throws Exception {
    machine.awaitReport(report -> report.ahead() != null && report.ahead() == build);
  }

  private boolean isHere(Release release) {
    return Files.exists(machine.dir.resolve("apps/hello/releases/" + release.build()))
        || Files.exists(artifact(release));
  }

  private Path artifact(Release release) {
    return machine.dir.resolve("artifacts/" + release.sha256());
  }

  private double count(String outcome) {
    return machine.meters.counter("slipway.machine.prefetches", "outcome", outcome).count();
  }

  @Test
  void a_target_that_was_fetched_ahead_only_switches() throws Exception {
    machine.start();
    run(7, 1);
    var next = publish(8);
    machine.region.prefetch(APP, 2, next, FAST);
    awaitAhead(8);
    assertThat(machine.answer()).startsWith("7 ");
    assertThat(machine.started()).containsExactly("7");
    var reads = machine.region.ranges.size();
    run(next, 3);
    assertThat(machine.answer()).startsWith("8 ");
    assertThat(machine.region.ranges).hasSize(reads);
    assertThat(machine.region.reports(APP).getLast().ahead()).isNull();
  }

  @Test
  void what_is_no_longer_wanted_ahead_and_never_ran_goes() throws Exception {
    machine.start();
    run(7, 1);
    var eight = publish(8);
    var nine = publish(9);
    machine.region.prefetch(APP, 2, eight, FAST);
    awaitAhead(8);
    machine.region.prefetch(APP, 3, nine, FAST);
    awaitAhead(9);
    until(() -> !isHere(eight));
    machine.region.prefetch(APP, 4, null, FAST);
    until(() -> !isHere(nine));
    assertThat(machine.answer()).startsWith("7 ");
  }

  @Test
  void what_ran_stays_when_it_is_no_longer_wanted_ahead() throws Exception {
    machine.start();
    run(7, 1);
    var eight = publish(8);
    machine.region.prefetch(APP, 2, eight, FAST);
    awaitAhead(8);
    run(eight, 3);
    machine.region.prefetch(APP, 4, publish(9), FAST);
    awaitAhead(9);
    assertThat(isHere(eight)).isTrue();
    assertThat(machine.answer()).startsWith("8 ");
  }

  @Test
  void a_target_of_another_build_comes_first_and_the_prefetch_goes_on_after_it() throws Exception {
    machine.region.signed = PrefetchTest::withoutBlocks;
    machine.start();
    run(7, 1);
    var nine = publish(9, 8_000_000);
    machine.region.prefetch(APP, 2, nine, SLOW);
    until(() -> Files.exists(machine.dir.resolve("artifacts/" + nine.sha256() + ".part")));
    run(8, 3);
    assertThat(machine.answer()).startsWith("8 ");
    machine.region.prefetch(APP, 4, nine, FAST);
    awaitAhead(9);
  }

  @Test
  void a_target_takes_its_own_prefetch_over_and_nothing_is_fetched_twice() throws Exception {
    machine.region.signed = PrefetchTest::withoutBlocks;
    machine.start();
    run(7, 1);
    var next = publish(8, 8_000_000);
    machine.region.prefetch(APP, 2, next, SLOW);
    until(() -> Files.exists(machine.dir.resolve("artifacts/" + next.sha256() + ".part")));
    var reads = machine.region.ranges.size();
    run(next, 3);
    assertThat(machine.answer()).startsWith("8 ");
    assertThat(machine.region.ranges).hasSizeLessThanOrEqualTo(Math.max(reads, 2));
  }

  @Test
  void by_the_swarm_it_is_slow_until_it_is_asked_for() throws Exception {
    assumeTrue(LibtorrentSwarm.isAvailable());
    machine.startWithSwarm();
    run(7, 1);
    var next = publish(8, 8_000_000);
    machine.region.prefetch(APP, 2, next, SLOW);
    until(() -> Files.exists(artifact(next)));
    run(next, 3);
    assertThat(machine.answer()).startsWith("8 ");
    assertThat(machine.region.reports(APP)).noneMatch(report -> report.ahead() != null);
    assertThat(machine.meters.counter("slipway.machine.fallbacks").count()).isZero();
  }

  @Test
  void a_restarted_agent_still_has_it() throws Exception {
    machine.start();
    run(7, 1);
    var next = publish(8);
    machine.region.prefetch(APP, 2, next, FAST);
    awaitAhead(8);
    var reads = machine.region.ranges.size();
    machine.stopAgent();
    machine.start();
    run(next, 3);
    assertThat(machine.region.ranges).hasSize(reads);
  }

  @Test
  void what_nobody_trusted_signed_is_refused_ahead_too() throws Exception {
    machine.start();
    run(7, 1);
    var reads = machine.region.ranges.size();
    var stranger = SigningKey.generate();
    machine.region.signer =
        SigningKey.of(TrustedKeys.idOf(machine.region.trustedKey()), stranger.privateKey());
    var next = publish(8);
    machine.region.prefetch(APP, 2, next, FAST);
    until(() -> count("refused") == 1);
    assertThat(isHere(next)).isFalse();
    assertThat(machine.region.ranges).hasSize(reads);
    assertThat(machine.answer()).startsWith("7 ");
  }
}
