package dev.slipway.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.app.AppName;
import dev.slipway.common.machine.Labels;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.region.RegionName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
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
    return ConfigFile.read(
        Files.writeString(folder.resolve("config"), text),
        (machine, agents, dir, token) -> machine + "-by-" + token);
  }

  @Test
  void everything_is_read() throws Exception {
    var config = read(GOOD + "slipway.machine.any-app=9000-9010\n");
    assertThat(config.regionalAgents()).hasSize(2);
    assertThat(config.trustedKeys()).hasSize(2).allMatch(key -> key.startsWith("-----BEGIN"));
    assertThat(config.targetKeys()).isEmpty();
    assertThat(config.anyApp()).isEqualTo(new PortRange(9000, 9010));
    assertThat(config.apps())
        .containsExactly(new HostedApp(new AppName("hello"), 8080, Map.of("LEVEL", "debug")));
    assertThat(config.toString()).doesNotContain("secret");
  }

  @Test
  void a_machine_with_a_registration_token_gets_its_own() throws Exception {
    var once = GOOD.replace("machine.token=secret", "machine.registration-token=once");
    assertThat(read(once).token()).isEqualTo("m1-by-once");
    var file = folder.resolve("once");
    var named = GOOD.replace("machine.token=secret", "machine.registration-token-file=" + file);
    Files.writeString(file, "twice\n");
    assertThat(read(named).token()).isEqualTo("m1-by-twice");
    Files.delete(file);
    assertThat(read(named).token()).isEqualTo("m1-by-");
    assertRefused(once + "slipway.machine.token=secret\n", "slipway.machine.token must not be");
  }

  @Test
  void keys_of_who_signs_targets_need_the_machines_region() throws Exception {
    var keys = Files.writeString(folder.resolve("targets.pem"), "-----BEGIN PUBLIC KEY-----");
    var trusting = GOOD + "slipway.machine.target-key-files=" + keys + "\n";
    assertRefused(trusting, "region must be given with target keys");
    var config = read(trusting + "slipway.machine.region=eu-west\n");
    assertThat(config.targetKeys()).hasSize(1);
    assertThat(config.region()).isEqualTo(new RegionName("eu-west"));
  }

  @Test
  void labels_are_read_and_bounded() throws Exception {
    assertThat(read(GOOD).labels()).isEqualTo(Labels.NONE);
    assertThat(read(GOOD + "slipway.machine.labels=web, canary\n").labels())
        .isEqualTo(Labels.of("canary", "web"));
    assertRefused(GOOD + "slipway.machine.labels=Canary\n", "labels must each be 1 to 40");
    var many = String.join(",", IntStream.range(0, 21).mapToObj(n -> "l" + n).toList());
    assertRefused(GOOD + "slipway.machine.labels=" + many + "\n", "labels must be at most 20");
  }

  @Test
  void what_is_asked_of_provenances_is_read() throws Exception {
    assertThat(read(GOOD).provenance())
        .isEqualTo(ProvenancePolicy.usual(ProvenancePolicy.Mode.AUDIT));
    var keys = Files.writeString(folder.resolve("kms.pem"), "-----BEGIN PUBLIC KEY-----");
    var config =
        read(
            GOOD
                + """
                slipway.machine.provenance=enforce
                slipway.machine.provenance-key-files=%s
                slipway.machine.builders=https://a.example/builder, https://b.example/builder
                slipway.machine.repositories=https://git.example.com/shop/*
                slipway.machine.apps.hello.repository=https://git.example.com/bank/hello.git
                """
                    .formatted(keys));
    assertThat(config.provenance())
        .isEqualTo(
            new ProvenancePolicy(
                ProvenancePolicy.Mode.ENFORCE,
                List.of("-----BEGIN PUBLIC KEY-----"),
                List.of("https://a.example/builder", "https://b.example/builder"),
                List.of("https://git.example.com/shop/*")));
    assertThat(config.repositories())
        .containsEntry(new AppName("hello"), "https://git.example.com/bank/hello.git");
    assertRefused(GOOD + "slipway.machine.provenance=off\n", "must be audit or enforce");
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
    assertRefused(GOOD + "slipway.machine.stop-apps=yes\n", "stop-apps must be true or false");
  }

  /** The settings of nodes that are machines, with keys where they will be mounted. */
  @Test
  void the_files_for_kubernetes_are_read() throws Exception {
    var files = Path.of("..", "k8s");
    try (var all = Files.walk(files)) {
      var found = all.filter(file -> file.endsWith("machine.properties")).toList();
      assertThat(found).hasSizeGreaterThan(2);
      Files.writeString(folder.resolve("signing.pub.pem"), "a key");
      Files.writeString(folder.resolve("targets.pub.pem"), "a key");
      Files.writeString(folder.resolve("registration-token"), "good-once");
      for (var file : found) {
        var config =
            read(
                Files.readString(file)
                    .replaceAll("/etc/slipway/(trusted|machine)", folder.toString()));
        assertThat(config.token()).isEqualTo("NODE-by-good-once");
        assertThat(config.stopApps()).as("apps end with their pod").isTrue();
        assertThat(config.provenance().mode()).isEqualTo(ProvenancePolicy.Mode.ENFORCE);
        assertThat(config.targetKeys()).hasSize(1);
      }
    }
  }

  private void assertRefused(String text, String why) {
    assertThatThrownBy(() -> read(text)).isInstanceOf(InvalidInput.class).hasMessageContaining(why);
  }
}
