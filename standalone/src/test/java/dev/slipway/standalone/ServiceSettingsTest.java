package dev.slipway.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class ServiceSettingsTest {
  @Test
  void what_a_service_does_not_know_is_found_wherever_it_is_said() {
    var settings =
        new ServiceSettings(
            "heartbeat-reaper",
            Map.of("slipway.reaper.argument", "1", "slipway.reaper.timeout", "60s"),
            Map.of("SLIPWAY_REAPER_VARIABLE", "1", "SLIPWAY_REAPER_HEARTBEATINTERVAL", "5s"),
            Map.of("slipway.reaper.file", "1", "signing.pem", "a key"));
    assertThat(settings.problems())
        .containsExactlyInAnyOrder(
            "slipway.reaper.argument is no setting of heartbeat-reaper",
            "SLIPWAY_REAPER_VARIABLE is no setting of heartbeat-reaper",
            "slipway.reaper.file is no setting of heartbeat-reaper");
  }

  @Test
  void what_must_be_told_and_is_not_is_found() {
    var settings = new ServiceSettings("replication-checker", Map.of(), Map.of(), Map.of());
    assertThat(settings.problems()).isNotEmpty();
  }
}
