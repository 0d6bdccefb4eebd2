package dev.slipway.bench.deploy;

import dev.slipway.bench.Jars;
import dev.slipway.bench.workers.Member;
import dev.slipway.common.machine.MachineId;
import dev.slipway.machine.MachineAgentApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** A machine: an agent in a process of its own, and the app that it runs. */
final class Host {
  private static final List<String> JVM =
      List.of("-Xmx48m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto");

  private final MachineId id;
  private final Path folder;
  private final Member agent;

  /**
   * Starts one.
   *
   * @param folder its own
   * @param settings of its region, without {@code slipway.machine}
   * @param port for the app
   */
  Host(MachineId id, Path folder, Map<String, String> settings, int port) throws IOException {
    this.id = id;
    this.folder = Files.createDirectories(folder);
    var config = new ArrayList<String>();
    settings.forEach((name, value) -> config.add("slipway.machine." + name + "=" + value));
    config.add("slipway.machine.id=" + id);
    config.add("slipway.machine.dir=" + data());
    config.add("slipway.machine.swarm-host=127.0.0.1");
    config.add("slipway.machine.apps.%s.port=%d".formatted(Builds.APP, port));
    config.add("slipway.machine.apps.%s.env.HISTORY=%s".formatted(Builds.APP, history()));
    var file = Files.write(folder.resolve("agent.properties"), config);
    this.agent =
        new Member(
            id.value(),
            Jars.command(MachineAgentApplication.class, JVM, List.of("--config", file.toString())),
            folder.resolve("agent.log"));
  }

  MachineId id() {
    return id;
  }

  private Path data() {
    return folder.resolve("data");
  }

  private Path history() {
    return folder.resolve("history");
  }

  private Path app() {
    return data().resolve("apps").resolve(Builds.APP.value());
  }

  List<Start> starts() throws IOException {
    return Start.read(history());
  }

  /** How many processes of its app there are. */
  int processes() {
    return Residents.of(app()).size();
  }

  /** Whether one process of the app runs, and it is that build's. */
  boolean runs(long build) throws IOException {
    var starts = starts();
    return !starts.isEmpty() && starts.getLast().build() == build && processes() == 1;
  }

  /** Whether the agent has been told of a build. */
  boolean knows(long build) throws IOException {
    try {
      return Files.readString(app().resolve("state.json")).contains("\"build\":" + build + ",");
    } catch (NoSuchFileException toldNothing) {
      return false;
    }
  }

  /** Whether the agent has a build's artifact, and unpacks it or has. */
  boolean unpacks(long build) {
    return Files.exists(app().resolve("manifests").resolve(build + ".json"));
  }

  /** Whether a build is there, unpacked. */
  boolean holds(long build) {
    return Files.isDirectory(app().resolve("releases").resolve(String.valueOf(build)));
  }

  boolean hasSwitchedTo(long build) throws IOException {
    try {
      return Files.readSymbolicLink(app().resolve("current")).endsWith(String.valueOf(build));
    } catch (NoSuchFileException never) {
      return false;
    }
  }

  boolean hasStarted(long build) throws IOException {
    return starts().stream().anyMatch(start -> start.build() == build);
  }

  /** Starts the agent again where it does not run. */
  void ensure() throws IOException {
    agent.ensure();
  }

  void killAgent() throws InterruptedException {
    agent.kill();
  }

  /** Kills the agent and the app, as the end of the machine does. */
  void crash() {
    agent.destroy();
    Residents.kill(folder);
  }

  /** Takes everything away that the agent keeps, as of a machine that replaces this one. */
  void wipe() throws IOException {
    try (var files = Files.walk(data())) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
