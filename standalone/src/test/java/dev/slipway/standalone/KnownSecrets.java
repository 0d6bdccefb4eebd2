package dev.slipway.standalone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/** Every secret that an installation of processes uses. */
@NullMarked
final class KnownSecrets {
  private static final int SHORTEST = 16;

  /** Where each is from. */
  private final Map<String, String> secrets = new TreeMap<>();

  /**
   * Those of keys, settings and machines.
   *
   * @param folder the installation's
   */
  static KnownSecrets of(Path folder) throws IOException {
    var known = new KnownSecrets();
    try (var keys = Files.list(folder.resolve("keys"))) {
      for (var key : keys.filter(Files::isRegularFile).toList()) {
        known.addFile(key);
      }
    }
    try (var files = Files.list(folder)) {
      for (var file : files.filter(f -> f.toString().endsWith(".properties")).toList()) {
        known.addSettings(file);
      }
    }
    try (var files = Files.find(folder.resolve("machines"), 2, (path, a) -> isOfMachine(path))) {
      for (var file : files.toList()) {
        known.addFile(file);
      }
    }
    return known;
  }

  private static boolean isOfMachine(Path path) {
    return path.endsWith("credential") || path.endsWith("claim");
  }

  private void addFile(Path file) throws IOException {
    var text = Files.readString(file).strip();
    if (!text.contains("PUBLIC KEY")) {
      text.lines()
          .filter(line -> !line.startsWith("-----"))
          .forEach(line -> add(String.valueOf(file), line));
    }
  }

  private void addSettings(Path file) throws IOException {
    var settings = new Properties();
    try (var in = Files.newInputStream(file)) {
      settings.load(in);
    }
    settings.forEach((name, value) -> {
      if (name.toString().matches(".*(token|secret|password)")) {
        add(file + " " + name, value.toString());
      }
    });
  }

  /** Adds one, with how it looks in base64. */
  void add(String from, String secret) {
    if (secret.length() >= SHORTEST) {
      var bytes = secret.getBytes(StandardCharsets.UTF_8);
      secrets.put(secret, from);
      secrets.put(Base64.getEncoder().withoutPadding().encodeToString(bytes), from + " in base64");
    }
  }

  int size() {
    return secrets.size();
  }

  /** Where those are from that a text tells. */
  List<String> toldBy(String text) {
    var told = new ArrayList<String>();
    secrets.forEach((secret, from) -> {
      if (text.contains(secret)) {
        told.add(from);
      }
    });
    return told;
  }

  /** Which files of a folder tell which. */
  List<String> toldByFiles(Path folder) throws IOException {
    var told = new ArrayList<String>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        var text = Files.readString(file, StandardCharsets.ISO_8859_1);
        toldBy(text).forEach(from -> told.add(file + " tells " + from));
      }
    }
    return told;
  }
}
