package dev.slipway.machine;

import static dev.slipway.machine.TestMachine.APP;
import static dev.slipway.machine.TestMachine.RUN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.common.artifact.Form;
import dev.slipway.common.machine.AppState;
import dev.slipway.common.swarm.LibtorrentSwarm;
import dev.slipway.common.target.Release;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The second release comes mostly out of the first. */
@NullMarked
class DeltaDeployTest {
  private static final int SIZE = 6_000_000;
  private static final int CHANGED = 50_000;
  private static final int SIGNATURES = 20 + 12 * (SIZE / 4096 + 20);

  @TempDir Path folder;
  private TestMachine machine;
  private final byte[] first = executable(random(SIZE, 1));
  private final byte[] second = executable(inserted());

  @BeforeEach
  void build() throws IOException {
    machine = new TestMachine(folder);
  }

  @AfterEach
  void stop() {
    machine.close();
  }

  private static byte[] random(int size, long seed) {
    var bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** All that comes after it is moved by what is inserted. */
  private static byte[] inserted() {
    var all = new ByteArrayOutputStream();
    all.writeBytes(random(CHANGED, 2));
    all.writeBytes(random(SIZE, 1));
    return all.toByteArray();
  }

  private static byte[] executable(byte[] rest) {
    var all = new ByteArrayOutputStream();
    all.writeBytes((TinyApp.script() + "#").getBytes(StandardCharsets.UTF_8));
    all.writeBytes(rest);
    return all.toByteArray();
  }

  private Release publish(long build, byte[] bytes) {
    return machine.region.publish(APP, build, bytes, Form.FILE, "app.sh", RUN);
  }

  private void runFirst() throws Exception {
    machine.region.assign(APP, 1, publish(7, first));
    machine.awaitReport(AppState.RUNNING, 1);
    machine.region.artifactBytes.set(0);
  }

  private void runSecond() throws Exception {
    machine.region.assign(APP, 2, publish(8, second));
    machine.awaitReport(AppState.RUNNING, 2);
    assertThat(machine.answer()).startsWith("8 ");
  }

  private double moved(String source) {
    return machine.meters.counter("slipway.machine.bytes", "source", source).count();
  }

  private double delta(String outcome) {
    return machine.meters.counter("slipway.machine.delta", "outcome", outcome).count();
  }

  @Test
  void without_a_swarm_little_more_moves_than_what_changed() throws Exception {
    machine.start();
    runFirst();
    var before = moved("region-http");
    assertThat(before).isEqualTo(first.length);
    runSecond();
    assertThat(machine.region.artifactBytes.get())
        .isBetween((long) CHANGED, CHANGED + SIGNATURES + 4 * 4096L);
    assertThat(moved("region-http") - before)
        .isEqualTo((double) machine.region.artifactBytes.get());
    assertThat(moved("release")).isGreaterThan(SIZE - 4 * 4096);
    assertThat(delta("whole")).isOne();
  }

  @Test
  void with_a_swarm_the_small_gaps_come_by_ranges_and_the_large_ones_in_pieces() throws Exception {
    assumeTrue(LibtorrentSwarm.isAvailable());
    machine.startWithSwarm();
    runFirst();
    runSecond();
    // 50 kB are three pieces of 16 KiB, and some of a fourth
    assertThat(machine.region.artifactBytes.get())
        .isBetween((long) CHANGED, CHANGED + SIGNATURES + 3 * 16_384L);
    assertThat(moved("swarm")).isGreaterThan(first.length);
    assertThat(moved("release")).isGreaterThan(SIZE - 4 * 4096);
    assertThat(delta("part")).isOne();
    assertThat(machine.meters.counter("slipway.machine.fallbacks").count()).isZero();
  }

  @Test
  void where_the_swarm_brings_nothing_all_gaps_come_by_ranges() throws Exception {
    assumeTrue(LibtorrentSwarm.isAvailable());
    machine.startWithSwarm();
    runFirst();
    machine.region.admits = false;
    runSecond();
    assertThat(machine.region.artifactBytes.get())
        .isBetween((long) CHANGED, CHANGED + 2 * SIGNATURES + 4 * 4096L);
    assertThat(machine.meters.counter("slipway.machine.fallbacks").count()).isOne();
  }

  @Test
  void what_a_killed_agent_left_behind_is_not_fetched_again() throws Exception {
    machine.start();
    runFirst();
    var half = Arrays.copyOf(second, CHANGED + 10_000);
    Arrays.fill(half, 20_000, 20_010, (byte) 0);
    Files.write(machine.dir.resolve("artifacts/" + FakeRegion.sha256(second)), half);
    runSecond();
    assertThat(machine.region.artifactBytes.get()).isLessThan(SIGNATURES + 3 * 4096L);
  }

  @Test
  void signatures_of_something_else_cost_one_try_and_then_it_comes_whole() throws Exception {
    machine.start();
    runFirst();
    machine.region.pretended = bytes -> Arrays.copyOf(first, bytes.length);
    machine.region.assign(APP, 2, publish(8, Arrays.copyOf(second, 2 << 20)));
    machine.awaitReport(AppState.RUNNING, 2);
    assertThat(machine.meters.counter("slipway.machine.digest.mismatches").count()).isOne();
    assertThat(delta("whole")).isOne();
    assertThat(machine.region.artifactBytes.get()).isGreaterThan(2 << 20);
    assertThat(machine.started()).containsExactly("7", "8");
  }

  @Test
  void signatures_that_the_manifest_does_not_vouch_for_are_not_used() throws Exception {
    machine.start();
    runFirst();
    var release = publish(8, second);
    machine.region.served =
        bytes -> {
          var changed = bytes.clone();
          if (bytes.length < SIGNATURES) {
            changed[bytes.length / 2] ^= 1;
          }
          return changed;
        };
    machine.region.assign(APP, 2, release);
    machine.awaitReport(AppState.RUNNING, 2);
    assertThat(delta("failed")).isOne();
    assertThat(moved("release")).isZero();
    assertThat(machine.meters.counter("slipway.machine.digest.mismatches").count()).isZero();
  }

  @Test
  void a_damaged_release_before_lends_only_what_is_right_of_it() throws Exception {
    machine.start();
    runFirst();
    var old = machine.dir.resolve("artifacts/" + FakeRegion.sha256(first));
    var damaged = Files.readAllBytes(old);
    Arrays.fill(damaged, 3_000_000, 3_100_000, (byte) 0);
    Files.write(old, Arrays.copyOf(damaged, 5_000_000));
    runSecond();
    assertThat(machine.region.artifactBytes.get())
        .isBetween(1_100_000L, 1_200_000L + CHANGED + SIGNATURES);
    assertThat(machine.meters.counter("slipway.machine.digest.mismatches").count()).isZero();
  }
}
