package dev.slipway.bench.workers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.bench.Results;
import dev.slipway.bench.Run;
import dev.slipway.standalone.Ports;
import dev.slipway.standalone.Teller;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The drill of {@code ./slipway bench drill-workers} with a hundred jobs. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class DrillWorkersIT {
  @TempDir Path folder;

  /** Both ports that the drill takes are free just now. */
  private static Ports ports() throws IOException {
    for (; ; ) {
      try (var probe = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
        var ports = new Ports(Math.clamp(probe.getLocalPort(), 1_024, 60_000));
        try (var reaper = new ServerSocket(ports.heartbeatReaper());
            var database = new ServerSocket(ports.database())) {
          assertThat(reaper.isBound() && database.isBound()).isTrue();
          return ports;
        } catch (BindException taken) {
          // another one
        }
      }
    }
  }

  @Test
  void whatever_fails_every_job_ends_once() throws Exception {
    var run = new Run(true, ports(), folder, new Teller(System.out), new Results());
    var found = Drill.run(run, Scale.SHORT);
    assertThat(found.violations()).as("%s", found).isEmpty();
    assertThat(found.kills()).isEqualTo(Scale.SHORT.kills());
    assertThat(found.lost()).isPositive();
  }
}
