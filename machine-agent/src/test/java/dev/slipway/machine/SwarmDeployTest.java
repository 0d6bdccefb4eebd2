package dev.slipway.machine;

import static dev.slipway.machine.TestMachine.APP;
import static dev.slipway.machine.TestMachine.RUN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.common.artifact.Manifest;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.machine.AppState;
import dev.slipway.common.swarm.CircleAuthority;
import dev.slipway.common.swarm.LibtorrentSwarm;
import dev.slipway.common.swarm.PieceHasher;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same walk by the real engine, with the region as web seed. */
@NullMarked
class SwarmDeployTest {
  @TempDir Path folder;

  @Test
  void a_release_comes_by_the_swarm_and_a_restarted_agent_shares_it_again() throws Exception {
    assumeTrue(LibtorrentSwarm.isAvailable());
    try (var machine = new TestMachine(folder)) {
      machine.region.assign(
          APP, 1, machine.region.publish(APP, 7, large("x"), RUN));
      machine.startWithSwarm().awaitReport(AppState.RUNNING, 1);
      assertThat(machine.answer()).startsWith("7 ");
      machine.stopAgent();
      machine.startWithSwarm();
      machine.region.assign(
          APP, 2, machine.region.publish(APP, 8, large("y"), RUN));
      machine.awaitReport(AppState.RUNNING, 2);
      assertThat(machine.answer()).startsWith("8 ");
      assertThat(machine.meters.counter("slipway.machine.fallbacks").count()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"size", "name", "no base64", "nothing"})
  void a_torrent_that_is_not_of_the_signed_artifact_is_refused(String wrong) throws Exception {
    assumeTrue(LibtorrentSwarm.isAvailable());
    try (var machine = new TestMachine(folder)) {
      machine.region.signed = manifest -> with(manifest, torrent(wrong, manifest));
      machine.region.assign(APP, 1, machine.region.publish(APP, 7, large("x"), RUN));
      var report = machine.startWithSwarm().awaitReport(AppState.FAILED, 1);
      assertThat(report.detail()).contains("the manifest's torrent is refused");
      assertThat(machine.started()).isEmpty();
      assertThat(machine.meters.counter("slipway.machine.releases.refused").count()).isOne();
    }
  }

  /** Large enough for a swarm. */
  private static String large(String filling) {
    return TinyApp.script() + "#" + filling.repeat(1 << 20);
  }

  private static String torrent(String wrong, Manifest manifest) {
    return switch (wrong) {
      case "size" -> torrentOf(manifest.sha256(), new byte[(int) manifest.size() + 1]);
      case "name" -> torrentOf(new Sha256("ab".repeat(32)), new byte[(int) manifest.size()]);
      case "no base64" -> "!";
      default -> "";
    };
  }

  private static String torrentOf(Sha256 name, byte[] bytes) {
    var hasher = new PieceHasher(bytes.length);
    hasher.update(bytes, 0, bytes.length);
    return Base64.getEncoder().encodeToString(hasher.finish(name).info());
  }

  private static Manifest with(Manifest m, String torrent) {
    return new Manifest(
        m.app(),
        m.job(),
        m.attempt(),
        m.commit(),
        m.size(),
        m.sha256(),
        m.crc32c(),
        m.form(),
        m.fileName(),
        torrent,
        m.blocks(),
        m.run(),
        m.builder(),
        m.builtAt());
  }

  @Test
  void a_machine_whose_region_speaks_tls_gets_certificates_and_still_reads_its_web_seed()
      throws Exception {
    assumeTrue(LibtorrentSwarm.isAvailable());
    try (var machine = new TestMachine(folder)) {
      machine.region.authority =
          new CircleAuthority("a secret of the swarm, which is long enough", Clock.systemUTC());
      machine.region.assign(
          APP, 1, machine.region.publish(APP, 7, large("x"), RUN));
      machine.startWithSwarm().awaitReport(AppState.RUNNING, 1);
      assertThat(machine.meters.counter("slipway.machine.fallbacks").count()).isZero();

      var before = machine.region.passes.size();
      assertThat(before).isPositive();
      machine.renewPasses();
      assertThat(machine.region.passes).as("renewed while it is shared").hasSize(before + 1);
    }
  }
}
