package dev.slipway.bench.queue;

import dev.slipway.standalone.Teller;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The peers from npm with a Node.js that is new enough for them, in a folder that is kept for the
 * next run.
 */
final class NodeModules {
  private static final int LONGEST_MINUTES = 5;
  private static final List<String> SCRIPTS =
      List.of("protocol.mjs", "pg-boss.mjs", "graphile-worker.mjs");

  /** Packages of Node.js itself are named after the system. */
  private static final String NODE = "node-linux-" + architecture();

  private static final String PACKAGES =
      """
      {
        "private": true,
        "dependencies": {
          "pg-boss": "12.38.0",
          "graphile-worker": "0.18.0",
          "pg": "^8.16.0",
          "%s": "22.23.3"
        }
      }
      """
          .formatted(NODE);

  private final Path folder;
  private final Path errors;

  private NodeModules(Path folder, Path errors) {
    this.folder = folder;
    this.errors = errors;
  }

  private static String architecture() {
    return "aarch64".equals(System.getProperty("os.arch")) ? "arm64" : "x64";
  }

  /**
   * Fetches what is not there yet.
   *
   * @param errors a file for what the peers print
   * @return empty, and people are told why, where that does not succeed
   */
  static Optional<NodeModules> fetch(Path folder, Path errors, Teller teller)
      throws InterruptedException {
    try {
      var modules = new NodeModules(folder, errors);
      modules.install(teller);
      return Optional.of(modules);
    } catch (IOException | UncheckedIOException failed) {
      teller.line("");
      teller.line(
          "!! pg-boss and graphile-worker are MISSING from this run: " + failed.getMessage());
      teller.line("!! Ratios to the best peer are to db-scheduler alone.");
      teller.line("");
      return Optional.empty();
    }
  }

  private void install(Teller teller) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    for (var script : SCRIPTS) {
      try (var source = NodeModules.class.getResourceAsStream(script)) {
        if (source == null) {
          throw new IOException(script + " is not in the jar");
        }
        Files.copy(source, folder.resolve(script), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    var installed = folder.resolve("installed.json");
    if (Files.exists(installed) && Files.readString(installed).equals(PACKAGES)) {
      return;
    }
    teller.tell("npm", "fetching pg-boss, graphile-worker and a Node.js for them");
    Files.writeString(folder.resolve("package.json"), PACKAGES);
    npm();
    // last, so that half an installation is none
    Files.writeString(installed, PACKAGES);
  }

  private void npm() throws IOException, InterruptedException {
    var log = folder.resolve("npm.log");
    var npm =
        new ProcessBuilder("npm", "install", "--no-audit", "--no-fund", "--loglevel=error")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      if (!npm.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)) {
        throw new IOException("npm did not end within " + LONGEST_MINUTES + " minutes");
      }
    } finally {
      npm.descendants().forEach(ProcessHandle::destroyForcibly);
      npm.destroyForcibly();
    }
    if (npm.exitValue() != 0) {
      throw new IOException("npm failed: " + Files.readString(log, StandardCharsets.UTF_8).strip());
    }
  }

  /** Starts a script. */
  PeerProcess start(String script, String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(folder.resolve("node_modules").resolve(NODE).resolve("bin/node").toString());
    command.add(script);
    command.addAll(List.of(arguments));
    return PeerProcess.start(command, folder, errors);
  }
}
