package dev.slipway.machine.app;

import dev.slipway.common.app.AppName;
import dev.slipway.machine.PortRange;
import dev.slipway.machine.file.Durable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Gives each app a port out of a range, for good: kept over restarts. Not for several threads. */
public final class Ports {
  private final Path file;
  private final PortRange range;
  private final Map<String, Integer> given = new TreeMap<>();

  public Ports(Path file, PortRange range) throws IOException {
    this.file = file;
    this.range = range;
    if (Files.exists(file)) {
      try {
        given.putAll(
            JsonMapper.shared().readValue(Files.readAllBytes(file), new TypeReference<>() {}));
      } catch (JacksonException e) {
        throw new IOException(file + " cannot be read", e);
      }
    }
  }

  /**
   * The app's port.
   *
   * @throws IOException when none is free
   */
  public int of(AppName app) throws IOException {
    var known = given.get(app.value());
    if (known != null) {
      return known;
    }
    for (var port = range.from(); port <= range.to(); port++) {
      if (!given.containsValue(port) && isFree(port)) {
        given.put(app.value(), port);
        Durable.write(file, JsonMapper.shared().writeValueAsBytes(given));
        return port;
      }
    }
    throw new IOException(
        "no port of %d to %d is free for %s".formatted(range.from(), range.to(), app));
  }

  static boolean isFree(int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
