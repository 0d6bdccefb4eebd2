package dev.slipway.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.app.AppName;
import dev.slipway.common.problem.InvalidInput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
class ConfigFileTest {
  private static final String GOOD =
      """
      slipway.machine.id=m1
      slipway.machine.regional-agents=http://one:8090, https://two
      slipway.machine.token=secret
      slipway.machine.trusted-keys=-----BEGIN PUBLIC KEY-----\\nA\\n-----END PUBLIC KEY-----\\n-----BEGIN PUBLIC KEY-----\\nB\\n-----END PUBLIC KEY-----
      slipway.machine.dir=/var/lib/slipway
      slipway.machine.apps.hello.port=8080
      slipway.machine.apps.hello.env.LEVEL=debug
      """;

  @TempDir Path folder;

  private MachineConfig read(String text) throws Exception {
    return ConfigFile.read(Files.writeString(folder.resolve("config"), text));
  }

  @Test
  void everything_is_read() throws Exception {
    var config = read(GOOD + "slipway.machine.any-app=9000-9010\n");
    assertThat(config.regionalAgents()).hasSize(2);
    assertThat(config.trustedKeys()).hasSize(2).allMatch(key -> key.startsWith("-----BEGIN"));
    assertThat(config.anyApp()).isEqualTo(new PortRange(9000, 9010));
    assertThat(config.apps())
        .containsExactly(new HostedApp(new AppName("hello"), 8080, Map.of("LEVEL", "debug")));
    assertThat(config.toString()).doesNotContain("secret");
  }

  @Test
  void an_unknown_key_is_refused() {
    assertRefused(GOOD + "slipway.machine.colour=red\n", "slipway.machine.colour");
    assertRefused(GOOD + "slipway.machine.apps.hello.prot=1\n", "apps.hello.prot");
  }

  @Test
  void wrong_values_are_refused_by_name() {
    assertRefused(GOOD.replace("8080", "99999"), "apps.hello.port must be 1 to 65535");
    assertRefused(GOOD.replace("8080", "http"), "apps.hello.port must be a number");
    assertRefused(GOOD.replace("http://one:8090", "ftp://one"), "regional-agents");
    assertRefused(GOOD.replace("id=m1", "id=-"), "machine must be");
    assertRefused(GOOD + "slipway.machine.any-app=9-1\n", "any-app");
  }

  private void assertRefused(String text, String why) {
    assertThatThrownBy(() -> read(text)).isInstanceOf(InvalidInput.class).hasMessageContaining(why);
  }
}
