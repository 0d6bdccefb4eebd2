package dev.slipway.machine;

import static dev.slipway.machine.TestMachine.APP;
import static dev.slipway.machine.TestMachine.RUN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.common.machine.AppState;
import dev.slipway.common.swarm.CircleAuthority;
import dev.slipway.common.swarm.LibtorrentSwarm;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same walk by the real engine, with the region as web seed. */
@NullMarked
class SwarmDeployTest {
  @TempDir Path folder;

  @Test
  void a_release_comes_by_the_swarm_and_a_restarted_agent_shares_it_again() throws Exception {
    assumeTrue(LibtorrentSwarm.isAvailable());
    try (var machine = new TestMachine(folder)) {
      machine.region.assign(
          APP, 1, machine.region.publish(APP, 7, TinyApp.script() + "#" + "x".repeat(99_999), RUN));
      machine.startWithSwarm().awaitReport(AppState.RUNNING, 1);
      assertThat(machine.answer()).startsWith("7 ");
      machine.stopAgent();
      machine.startWithSwarm();
      machine.region.assign(
          APP, 2, machine.region.publish(APP, 8, TinyApp.script() + "#" + "y".repeat(99_999), RUN));
      machine.awaitReport(AppState.RUNNING, 2);
      assertThat(machine.answer()).startsWith("8 ");
      assertThat(machine.meters.counter("slipway.machine.fallbacks").count()).isZero();
    }
  }

  @Test
  void a_machine_whose_region_speaks_tls_gets_certificates_and_still_reads_its_web_seed()
      throws Exception {
    assumeTrue(LibtorrentSwarm.isAvailable());
    try (var machine = new TestMachine(folder)) {
      machine.region.authority =
          new CircleAuthority("a secret of the swarm, which is long enough", Clock.systemUTC());
      machine.region.assign(
          APP, 1, machine.region.publish(APP, 7, TinyApp.script() + "#" + "x".repeat(99_999), RUN));
      machine.startWithSwarm().awaitReport(AppState.RUNNING, 1);
      assertThat(machine.region.passes).isNotEmpty();
      assertThat(machine.meters.counter("slipway.machine.fallbacks").count()).isZero();
    }
  }
}
