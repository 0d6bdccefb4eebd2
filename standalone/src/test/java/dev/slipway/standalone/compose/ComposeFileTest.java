package dev.slipway.standalone.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.standalone.Keys;
import dev.slipway.standalone.ServiceSettings;
import dev.slipway.standalone.compose.ComposeFile.Service;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.io.FileSystemResource;

/** That {@code docker-compose.yml} fits the services, the Dockerfile and what is handed out. */
class ComposeFileTest {
  private static final String KEYS = "/run/slipway/keys";
  private static final Pattern HOST = Pattern.compile("//([a-z0-9-]+):\\d+");

  private static ComposeFile file;
  private static @TempDir Path volumes;

  @BeforeAll
  static void handOut() throws IOException {
    file = ComposeFile.read();
    for (var mount : file.service("keys").mounts().values()) {
      if (mount.startsWith("/volumes/")) {
        Files.createDirectory(volumes.resolve(mount.substring("/volumes/".length())));
      }
    }
    new Handout(new Keys(Files.createDirectory(volumes.resolve("all"))), volumes).run();
  }

  @Test
  void settings_and_secrets_make_up_what_each_service_must_be_told_and_nothing_else()
      throws IOException {
    var told = new TreeSet<String>();
    for (var service : services()) {
      var module = module(service);
      if (!port(module).isEmpty()) {
        var variables = new HashMap<String, Object>();
        service.environment().forEach((name, value) -> variables.put(name, filled(value)));
        var settings =
            new ServiceSettings(module, service.arguments(), variables, secrets(service));
        assertThat(settings.problems()).as(service.name()).isEmpty();
        told.add(module);
      }
    }
    assertThat(told).hasSize(6);
  }

  /** With the default in the place of a variable. */
  private static String filled(String value) {
    return value.replaceAll("[$][{][^:]*:(.*)}", "$1");
  }

  private static EnumerablePropertySource<?> builtIn(String module) throws IOException {
    var built =
        new FileSystemResource(
            ComposeFile.ROOT.resolve(module + "/src/main/resources/" + module + ".yml"));
    return (EnumerablePropertySource<?>)
        new YamlPropertySourceLoader().load("built-in", built).getFirst();
  }

  /** What the service finds in its volume. */
  private static Map<String, Object> secrets(Service service) throws IOException {
    var found = new HashMap<String, Object>();
    try (var files = Files.list(handedOut(service))) {
      for (var each : files.toList()) {
        found.put(String.valueOf(each.getFileName()), Files.readString(each));
      }
    }
    return found;
  }

  private static Path handedOut(Service service) {
    var mounts = service.mounts();
    var volume =
        mounts.keySet().stream().filter(v -> KEYS.equals(mounts.get(v))).findFirst().orElseThrow();
    var written = String.valueOf(file.service("keys").mounts().get(volume));
    return volumes.resolve(written.substring("/volumes/".length()));
  }

  @Test
  void key_files_that_settings_name_are_handed_out() throws IOException {
    var named = 0;
    for (var service : services()) {
      for (var value : service.environment().values()) {
        if (value.startsWith(KEYS + "/")) {
          assertThat(handedOut(service).resolve(value.substring(KEYS.length() + 1)))
              .as(service.name())
              .isNotEmptyFile();
          named++;
        }
      }
    }
    assertThat(named).isGreaterThan(5);
  }

  @Test
  void buckets_that_settings_name_are_mounted() {
    for (var service : services()) {
      for (var value : service.environment().values()) {
        if (value.startsWith("file://")) {
          assertThat(service.mounts().values())
              .as(service.name())
              .contains(URI.create(value).getPath());
        }
      }
    }
    for (var region : Composed.SIZE.regions()) {
      assertThat(file.service("replication-checker").mounts().values())
          .contains(Composed.bucket(region).getPath());
    }
  }

  @Test
  void machines_find_their_settings_and_keys() throws IOException {
    var documented = Files.readString(ComposeFile.ROOT.resolve("docs/configuration.md"));
    for (var i = 0; i < Composed.SIZE.machines(); i++) {
      var service = file.service("machine-" + Composed.machine(i));
      var config = Path.of(service.list("command").get(1));
      var settings = new Properties();
      settings.load(
          new StringReader(Files.readString(handedOut(service).resolve(config.getFileName()))));
      assertThat(config.getParent()).hasToString(KEYS);
      for (var name : settings.stringPropertyNames()) {
        assertThat(documented)
            .containsPattern("`(slipway[.]machine)?" + Pattern.quote(ending(name)) + "`");
      }
      for (var key : List.of("trusted-key-files", "target-key-files")) {
        var path = Path.of(settings.getProperty("slipway.machine." + key));
        assertThat(handedOut(service).resolve(path.getFileName())).isNotEmptyFile();
      }
      var agent = URI.create(settings.getProperty("slipway.machine.regional-agents"));
      assertThat(file.service(agent.getHost()).environment())
          .containsEntry("SLIPWAY_REGION_NAME", Composed.region(i).value())
          .containsEntry("SLIPWAY_REGION_URL", agent.toString());
    }
  }

  private static String ending(String name) {
    return name.substring("slipway.machine".length());
  }

  @Test
  void images_are_made_of_targets_and_modules_that_there_are() throws IOException {
    var dockerfile = Files.readString(ComposeFile.ROOT.resolve("Dockerfile"));
    for (var service : ours()) {
      var build = file.build(service);
      assertThat(dockerfile).containsPattern("(?m)^FROM \\S+ AS " + build.target() + "$");
      if (isService(service)) {
        var module = module(service);
        assertThat(ComposeFile.ROOT.resolve(module + "/pom.xml")).exists();
        assertThat(build.argument("PORT")).as(service.name()).isEqualTo(port(module));
        assertThat(service.image()).isEqualTo("slipway/" + module);
      }
    }
  }

  /** A machine agent has no server. */
  private static String port(String module) throws IOException {
    return module.equals("machine-agent")
        ? ""
        : String.valueOf(builtIn(module).getProperty("server.port"));
  }

  @Test
  void every_host_that_is_called_and_every_volume_that_is_mounted_is_there() {
    var hosts = new TreeSet<String>();
    for (var service : file.services().values()) {
      var host = HOST.matcher(service.environment() + " " + service.arguments());
      while (host.find()) {
        hosts.add(host.group(1));
      }
      assertThat(file.volumes())
          .as(service.name())
          .containsAll(
              service.mounts().keySet().stream().filter(v -> !v.startsWith("./")).toList());
    }
    for (var i = 0; i < Composed.SIZE.machines(); i++) {
      hosts.add("machine-" + Composed.machine(i));
    }
    Stream.of(Composed.git(), Composed.webhook()).map(URI::getHost).forEach(hosts::add);
    assertThat(hosts).hasSizeGreaterThan(10);
    assertThat(file.services().keySet()).containsAll(hosts);
  }

  @Test
  void nothing_starts_before_its_secrets_are_there() {
    for (var service : file.services().values()) {
      if (service.mounts().containsValue(KEYS) && !service.name().equals("keys")) {
        assertThat(isAfterKeys(service)).as(service.name()).isTrue();
      }
    }
  }

  private static boolean isAfterKeys(Service service) {
    return service.after().keySet().stream()
        .anyMatch(before -> before.equals("keys") || isAfterKeys(file.service(before)));
  }

  @Test
  void what_is_ours_runs_without_rights_on_a_root_that_nobody_can_write() {
    for (var service : ours()) {
      assertThat(service.settings().get("read_only")).as(service.name()).isEqualTo(true);
      assertThat(service.list("cap_drop")).as(service.name()).containsExactly("ALL");
      assertThat(service.settings().containsKey("user"))
          .as(service.name())
          .isEqualTo(service.name().equals("keys"));
    }
  }

  @Test
  void prometheus_scrapes_every_service_by_its_port() throws IOException {
    var scraped = Files.readString(ComposeFile.ROOT.resolve("prometheus/prometheus.yml"));
    for (var service : services()) {
      var port = port(module(service));
      if (!port.isEmpty()) {
        assertThat(scraped).contains("\"" + service.name() + ":" + port + "\"");
      }
    }
  }

  /** Those whose image is ours. */
  private static List<Service> ours() {
    return file.services().values().stream()
        .filter(service -> service.image().startsWith("slipway/"))
        .toList();
  }

  /** Those that are a module's. */
  private static List<Service> services() {
    return ours().stream().filter(ComposeFileTest::isService).toList();
  }

  private static boolean isService(Service service) {
    return file.build(service).target().startsWith("service");
  }

  private static String module(Service service) {
    return file.build(service).argument("SERVICE");
  }
}
