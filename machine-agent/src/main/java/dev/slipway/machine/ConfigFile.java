package dev.slipway.machine;

import dev.slipway.common.app.AppName;
import dev.slipway.common.machine.Labels;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.provenance.Provenance;
import dev.slipway.common.region.RegionName;
import dev.slipway.machine.ProvenancePolicy.Mode;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a {@link MachineConfig} from a properties file; see {@link MachineAgentApplication}. */
final class ConfigFile {
  private static final long MOST_BYTES = 1 << 20;
  private static final String PREFIX = "slipway.machine.";
  private static final Pattern RANGE = Pattern.compile("(\\d{1,5})-(\\d{1,5})");
  private static final Pattern KEY_END = Pattern.compile("(?<=-----END PUBLIC KEY-----)");

  private final Map<String, String> left = new TreeMap<>();

  private ConfigFile(Properties properties) {
    for (var name : properties.stringPropertyNames()) {
      left.put(name, properties.getProperty(name).strip());
    }
  }

  /** Gets a machine that has a registration token its credential. */
  interface Registrar {
    String credential(MachineId machine, List<URI> agents, Path dir, String token)
        throws IOException;
  }

  /**
   * @throws InvalidInput naming the property and what it must be
   */
  static MachineConfig read(Path file, Registrar registrar) throws IOException {
    InvalidInput.unless(
        Files.size(file) <= MOST_BYTES, "config file", "must be at most " + MOST_BYTES + " bytes");
    var properties = new Properties();
    try {
      properties.load(new StringReader(Files.readString(file)));
    } catch (IllegalArgumentException e) {
      throw new InvalidInput("config file", "must be a properties file");
    }
    return new ConfigFile(properties).config(registrar);
  }

  private MachineConfig config(Registrar registrar) throws IOException {
    var id = new MachineId(required("id"));
    var agents = list(required("regional-agents")).stream().map(ConfigFile::address).toList();
    var dir = Path.of(required("dir"));
    var registration = registration();
    var config =
        new MachineConfig(
            id,
            region(take("region")),
            optional("zone", "default"),
            new Labels(list(optional("labels", ""))),
            agents,
            registration == null ? secret() : "registered",
            keys("trusted-keys", "trusted-key-files"),
            keys("target-keys", "target-key-files"),
            provenance(),
            dir,
            apps(),
            range(take("any-app")),
            number(
                "keep-releases",
                optional("keep-releases", Integer.toString(MachineConfig.KEEP_RELEASES))),
            optional("swarm-host", "0.0.0.0"),
            number("swarm-port", optional("swarm-port", "0")),
            stopApps());
    InvalidInput.unless(
        left.isEmpty(), String.join(", ", left.keySet()), "must not be there: nobody knows it");
    return registration == null
        ? config
        // only once all the rest is right: the token may be good for one time
        : config.withToken(registrar.credential(id, agents, config.dir(), registration));
  }

  private String secret() throws IOException {
    var file = take("token-file");
    return file == null ? required("token") : Files.readString(Path.of(file)).strip();
  }

  private @Nullable String registration() throws IOException {
    var file = take("registration-token-file");
    if (file == null) {
      return take("registration-token");
    }
    // it is good for one time, and may be gone when that is past
    return Files.exists(Path.of(file)) ? Files.readString(Path.of(file)).strip() : "";
  }

  private boolean stopApps() {
    var value = optional("stop-apps", "false");
    InvalidInput.unless(
        value.equals("true") || value.equals("false"),
        PREFIX + "stop-apps",
        "must be true or false");
    return value.equals("true");
  }

  private static @Nullable RegionName region(@Nullable String value) {
    return value == null ? null : new RegionName(value);
  }

  private List<String> keys(String inline, String files) throws IOException {
    var keys = new ArrayList<String>();
    KEY_END
        .splitAsStream(optional(inline, ""))
        .map(String::strip)
        .filter(key -> !key.isEmpty())
        .forEach(keys::add);
    for (var file : list(optional(files, ""))) {
      keys.add(Files.readString(Path.of(file)));
    }
    return keys;
  }

  private ProvenancePolicy provenance() throws IOException {
    var mode = optional("provenance", "audit");
    InvalidInput.unless(
        mode.equals("audit") || mode.equals("enforce"),
        PREFIX + "provenance",
        "must be audit or enforce");
    return new ProvenancePolicy(
        Mode.valueOf(mode.toUpperCase(Locale.ROOT)),
        keys("provenance-keys", "provenance-key-files"),
        list(optional("builders", Provenance.BUILDER)),
        list(optional("repositories", "*")));
  }

  private List<HostedApp> apps() {
    var names = new TreeSet<String>();
    var prefix = PREFIX + "apps.";
    left.keySet().stream()
        .filter(key -> key.startsWith(prefix))
        .map(key -> key.substring(prefix.length()).split("\\.", 2)[0])
        .forEach(names::add);
    return names.stream().map(this::app).toList();
  }

  private HostedApp app(String name) {
    var port = number("apps." + name + ".port", required("apps." + name + ".port"));
    var prefix = PREFIX + "apps." + name + ".env.";
    var env = new HashMap<String, String>();
    for (var key : left.keySet().stream().filter(k -> k.startsWith(prefix)).toList()) {
      var value = left.remove(key);
      if (value != null) {
        env.put(key.substring(prefix.length()), value);
      }
    }
    return new HostedApp(new AppName(name), port, env, take("apps." + name + ".repository"));
  }

  private @Nullable String take(String name) {
    return left.remove(PREFIX + name);
  }

  private String optional(String name, String otherwise) {
    var value = take(name);
    return value == null ? otherwise : value;
  }

  private String required(String name) {
    var value = take(name);
    if (value == null || value.isEmpty()) {
      throw new InvalidInput(PREFIX + name, "must be given");
    }
    return value;
  }

  private static List<String> list(String value) {
    return Stream.of(value.split(",", -1)).map(String::strip).filter(s -> !s.isEmpty()).toList();
  }

  private static URI address(String value) {
    try {
      return URI.create(value);
    } catch (IllegalArgumentException e) {
      throw new InvalidInput(PREFIX + "regional-agents", "must be http or https addresses");
    }
  }

  private static int number(String name, String value) {
    InvalidInput.unless(value.matches("\\d{1,9}"), PREFIX + name, "must be a number");
    return Integer.parseInt(value);
  }

  private static @Nullable PortRange range(@Nullable String value) {
    if (value == null) {
      return null;
    }
    var parts = RANGE.matcher(value);
    InvalidInput.unless(parts.matches(), PREFIX + "any-app", "must be FROM-TO, two ports");
    return new PortRange(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)));
  }
}
