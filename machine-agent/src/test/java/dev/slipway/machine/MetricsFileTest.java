package dev.slipway.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What node exporter finds of an agent. */
@NullMarked
class MetricsFileTest {
  @TempDir Path folder;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  @Test
  void counters_gauges_and_timers_are_written_as_prometheus_reads_them() throws Exception {
    meters.counter("slipway.machine.bytes", "source", "swarm").increment(1024);
    meters.counter("slipway.machine.bytes", "source", "release").increment(7);
    meters.gauge("slipway.machine.revision", Tags.of("machine", "m\"1\\"), 42);
    meters.timer("slipway.blob.requests").record(Duration.ofSeconds(1));
    new MetricsFile(folder, meters).runOnce();
    assertThat(folder.resolve("slipway.prom"))
        .hasContent(
            """
            # TYPE slipway_blob_requests_count counter
            slipway_blob_requests_count 1.0
            # TYPE slipway_machine_bytes_total counter
            slipway_machine_bytes_total{source="release"} 7.0
            slipway_machine_bytes_total{source="swarm"} 1024.0
            # TYPE slipway_machine_revision gauge
            slipway_machine_revision{machine="m\\"1\\\\"} 42.0
            """);
  }

  @Test
  void the_file_is_replaced_whole_and_everybody_may_read_it() throws Exception {
    var file = new MetricsFile(folder, meters);
    file.runOnce();
    meters.counter("slipway.machine.fallbacks").increment();
    file.runOnce();
    assertThat(Files.readString(folder.resolve("slipway.prom")))
        .contains("slipway_machine_fallbacks_total 1.0\n");
    assertThat(Files.getPosixFilePermissions(folder.resolve("slipway.prom")))
        .contains(PosixFilePermission.OTHERS_READ);
    try (var all = Files.list(folder)) {
      assertThat(all).containsExactly(folder.resolve("slipway.prom"));
    }
  }
}
