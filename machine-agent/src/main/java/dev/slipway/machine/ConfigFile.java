package dev.slipway.machine;

import dev.slipway.common.app.AppName;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.problem.InvalidInput;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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

  /**
   * @throws InvalidInput naming the property and what it must be
   */
  static MachineConfig read(Path file) throws IOException {
    InvalidInput.unless(
        Files.size(file) <= MOST_BYTES, "config file", "must be at most " + MOST_BYTES + " bytes");
    var properties = new Properties();
    try {
      properties.load(new StringReader(Files.readString(file)));
    } catch (IllegalArgumentException e) {
      throw new InvalidInput("config file", "must be a properties file");
    }
    return new ConfigFile(properties).config();
  }

  private MachineConfig config() throws IOException {
    var config =
        new MachineConfig(
            new MachineId(required("id")),
            optional("zone", "default"),
            list(required("regional-agents")).stream().map(ConfigFile::address).toList(),
            secret(),
            trustedKeys(),
            Path.of(required("dir")),
            apps(),
            range(take("any-app")),
            optional("swarm-host", "0.0.0.0"),
            number("swarm-port", optional("swarm-port", "0")));
    InvalidInput.unless(
        left.isEmpty(), String.join(", ", left.keySet()), "must not be there: nobody knows it");
    return config;
  }

  private String secret() throws IOException {
    var file = take("token-file");
    return file == null ? required("token") : Files.readString(Path.of(file)).strip();
  }

  private List<String> trustedKeys() throws IOException {
    var keys = new ArrayList<String>();
    KEY_END
        .splitAsStream(optional("trusted-keys", ""))
        .map(String::strip)
        .filter(key -> !key.isEmpty())
        .forEach(keys::add);
    for (var file : list(optional("trusted-key-files", ""))) {
      keys.add(Files.readString(Path.of(file)));
    }
    return keys;
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
    return new HostedApp(new AppName(name), port, env);
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
