package dev.slipway.machine;

import static dev.slipway.machine.TestMachine.APP;
import static dev.slipway.machine.TestMachine.RUN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.common.machine.AppState;
import dev.slipway.common.machine.Limits;
import dev.slipway.common.swarm.Artifacts;
import dev.slipway.common.swarm.LibtorrentSwarm;
import dev.slipway.common.target.Release;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine keeps to what its region lets it have of the network. */
@NullMarked
class LimitsTest {
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

  private Release publish(long build, int size) {
    return machine.region.publish(
        APP,
        build,
        TinyApp.script() + "#" + HexFormat.of().formatHex(Artifacts.bytes(size / 2, build)),
        RUN);
  }

  private double limit(String direction) {
    return machine.meters.get("slipway.swarm.limit").tag("direction", direction).gauge().value();
  }

  @Test
  void the_engine_has_the_limits_of_the_last_answer() throws Exception {
    assumeTrue(LibtorrentSwarm.isAvailable());
    machine.region.limits = new Limits(7_000_000, 3_000_000);
    machine.region.assign(APP, 1, publish(7, 2 << 20));
    machine.startWithSwarm().awaitReport(AppState.RUNNING, 1);
    assertThat(limit("download")).isEqualTo(7_000_000);
    assertThat(limit("upload")).isEqualTo(3_000_000);
    machine.region.limits = new Limits(0, 2_000_000);
    machine.region.assign(APP, 2, publish(8, 2 << 20));
    machine.awaitReport(AppState.RUNNING, 2);
    assertThat(limit("download")).isZero();
    assertThat(limit("upload")).isEqualTo(2_000_000);
  }

  @Test
  void http_keeps_to_the_limit_until_it_is_lifted() throws Exception {
    machine.region.limits = new Limits(Limits.LEAST, 0);
    // at that rate it takes minutes, and without it comes at once
    var release = publish(7, 12_000_000);
    machine.region.assign(APP, 1, release);
    machine
        .start()
        .awaitReport(r -> r.bytesDone() > Limits.LEAST && r.bytesDone() < release.size() / 2);
    machine.region.limits = Limits.NONE;
    machine.region.assign(APP, 2, release);
    machine.awaitReport(AppState.RUNNING, 2);
  }
}
