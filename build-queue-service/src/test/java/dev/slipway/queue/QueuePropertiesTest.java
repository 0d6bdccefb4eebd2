package dev.slipway.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.queue.status.ForgeKind;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class QueuePropertiesTest {
  private static QueueProperties bind(Map<String, String> settings) {
    return new Binder(new MapConfigurationPropertySource(settings))
        .bindOrCreate("slipway.queue", QueueProperties.class);
  }

  private static Map<String, String> forge() {
    return new HashMap<>(
        Map.of(
            "slipway.queue.forges[0].host", "github.com",
            "slipway.queue.forges[0].kind", "github",
            "slipway.queue.forges[0].api", "https://api.github.com",
            "slipway.queue.forges[0].token-file", "/run/secrets/github"));
  }

  @Test
  void a_forge_is_named_by_its_host() {
    var forge = bind(forge()).forges().getFirst();
    assertThat(forge.kind()).isEqualTo(ForgeKind.GITHUB);
    assertThat(forge.tokenFile()).hasToString("/run/secrets/github");
  }

  @Test
  void without_settings_nobody_is_told() {
    assertThat(bind(Map.of()).forges()).isEmpty();
  }

  @Test
  void a_host_with_a_scheme_is_refused() {
    var settings = forge();
    settings.put("slipway.queue.forges[0].host", "https://github.com");
    assertThatThrownBy(() -> bind(settings))
        .hasRootCauseMessage(
            "slipway.queue.forges.host must be a host in lower case, with a port where it is not the usual one");
  }

  @Test
  void a_forge_without_its_kind_or_api_is_refused() {
    for (var key : new String[] {"kind", "api", "host"}) {
      var settings = forge();
      settings.remove("slipway.queue.forges[0]." + key);
      assertThatThrownBy(() -> bind(settings))
          .hasRootCauseMessage("slipway.queue.forges." + key + " is missing");
    }
  }
}
