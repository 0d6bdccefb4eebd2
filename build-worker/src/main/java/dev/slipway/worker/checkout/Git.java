package dev.slipway.worker.checkout;

import dev.slipway.worker.job.BuildFailed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs git: without prompts, hooks or protocols that were not asked for, and with an end. What a
 * repository says can therefore start nothing here.
 */
final class Git {
  private static final int SHOWN = 1000;

  /** Of the worker's own environment, what git needs to reach and sign in to a forge. */
  private static final List<String> INHERITED =
      List.of(
          "PATH",
          "HOME",
          "SSH_AUTH_SOCK",
          "GIT_SSH_COMMAND",
          "http_proxy",
          "https_proxy",
          "no_proxy",
          "HTTP_PROXY",
          "HTTPS_PROXY",
          "NO_PROXY");

  /**
   * A pack appears whole or not at all, loose objects one by one: so always a pack. Nothing is
   * cleaned up behind our back, and no submodule is fetched.
   */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "core.hooksPath", "/dev/null",
          "core.fsmonitor", "false",
          "fetch.unpackLimit", "1",
          "fetch.recurseSubmodules", "false",
          "submodule.recurse", "false",
          "gc.auto", "0",
          "maintenance.auto", "false",
          "http.lowSpeedLimit", "1000",
          "http.lowSpeedTime", "30",
          "advice.detachedHead", "false");

  private static final int LOOK_MILLIS = 200;

  /** No exit code of git's own. */
  private static final int KILLED = -1;

  private final Map<String, String> environment = new HashMap<>();

  /**
   * @param parent the worker's own environment
   * @param protocols that git may speak, joined by colons
   * @param mark the folder that it works for, by which it is found when the worker was killed
   */
  private Git(Map<String, String> parent, String protocols, Path mark) {
    for (var name : INHERITED) {
      var value = parent.get(name);
      if (value != null) {
        environment.put(name, value);
      }
    }
    environment.putIfAbsent("GIT_SSH_COMMAND", "ssh -oBatchMode=yes -oConnectTimeout=10");
    environment.put(Leftovers.MARK, mark.toString());
    environment.put("LANG", "C.UTF-8");
    environment.put("GIT_TERMINAL_PROMPT", "0");
    environment.put("GIT_ALLOW_PROTOCOL", protocols);
    environment.put("GIT_CONFIG_COUNT", String.valueOf(SETTINGS.size()));
    var n = 0;
    for (var setting : SETTINGS.entrySet()) {
      environment.put("GIT_CONFIG_KEY_" + n, setting.getKey());
      environment.put("GIT_CONFIG_VALUE_" + n, setting.getValue());
      n++;
    }
  }

  /** Git that reaches forges with the account's own configuration. */
  static Git remote(Map<String, String> parent, String protocols, Path mark) {
    return new Git(parent, protocols, mark);
  }

  /**
   * Git that never leaves this machine, and takes no configuration: a filter that the account has,
   * as that of LFS, would run on what a repository says.
   */
  static Git local(Map<String, String> parent, Path mark) {
    var git = new Git(parent, "file", mark);
    git.environment.put("GIT_CONFIG_GLOBAL", "/dev/null");
    git.environment.put("GIT_CONFIG_NOSYSTEM", "1");
    return git;
  }

  /** Looked at again and again while git runs; what it throws ends git. */
  @FunctionalInterface
  interface Watch {
    void check() throws BuildFailed, IOException;
  }

  /**
   * Runs git to its end.
   *
   * @throws GitFailed with what git said, when its exit code is not 0 or the time is over
   */
  void run(Duration time, List<String> arguments) throws IOException, InterruptedException {
    try {
      run(time, arguments, () -> {});
    } catch (BuildFailed never) {
      throw new IllegalStateException(never);
    }
  }

  /** The same, watched. */
  void run(Duration time, List<String> arguments, Watch watch)
      throws BuildFailed, IOException, InterruptedException {
    var said = Files.createTempFile("slipway-git", ".out");
    try {
      var command = new ArrayList<>(List.of("git"));
      command.addAll(arguments);
      var builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(said.toFile());
      builder.environment().clear();
      builder.environment().putAll(environment);
      var git = builder.start();
      var ended = false;
      try {
        var start = System.nanoTime();
        while (!ended && System.nanoTime() - start < time.toNanos()) {
          ended = git.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS);
          watch.check();
        }
      } finally {
        if (!ended) {
          end(git);
        }
      }
      if (!ended) {
        throw new GitFailed(KILLED, "git did not end within " + time.toSeconds() + " s");
      }
      if (git.exitValue() != 0) {
        throw new GitFailed(git.exitValue(), shown(said));
      }
    } finally {
      Files.deleteIfExists(said);
    }
  }

  /** Asked to end, git removes its lock files; so it gets the time to. */
  private static void end(Process git) {
    var helpers = git.descendants().toList();
    git.destroy();
    try {
      git.waitFor(2, TimeUnit.SECONDS);
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
    git.destroyForcibly();
    helpers.forEach(ProcessHandle::destroyForcibly);
  }

  /** The end of what git said, without the credentials that an address may hold. */
  private static String shown(Path said) throws IOException {
    try (var in = Files.newByteChannel(said)) {
      in.position(Math.max(0, in.size() - SHOWN));
      var bytes = ByteBuffer.allocate(SHOWN);
      in.read(bytes);
      var text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
      return withoutCredentials(text.strip());
    }
  }

  /** An address, or a text with addresses, without user names and passwords. */
  static String withoutCredentials(String text) {
    return text.replaceAll("://[^/@\\s]*@", "://");
  }

  /** Git ended with an error; the message is what it said. */
  static final class GitFailed extends IOException {
    private static final long serialVersionUID = 1;

    private final int exitCode;

    GitFailed(int exitCode, String said) {
      super(said);
      this.exitCode = exitCode;
    }

    int exitCode() {
      return exitCode;
    }
  }
}
