package dev.slipway.worker.build;

import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.recipe.BuildRecipe.Network;
import dev.slipway.worker.checkout.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What builds are kept in, by bubblewrap 0.7 or newer: the machine's files read-only, a process
 * table and temporary files of their own, and one place to write to, the build's workspace. Hidden
 * are the worker's folder but for the borrowed mirror, its account's home, {@code /run} with the
 * sockets in it, and what else is named.
 */
public final class Sandbox {
  /** Of what is only there to hide something, in bytes. */
  private static final String SMALL = "1048576";

  private static final String SHARED_MEMORY = "67108864";

  private final String program;
  private final Path folder;
  private final List<Path> hidden;

  Sandbox(String program, Path folder, List<Path> hidden) {
    this.program = program;
    this.folder = folder;
    this.hidden = List.copyOf(hidden);
  }

  /**
   * A sandbox that was seen to work.
   *
   * @param folder the worker's, as it really is
   * @param hidden files and folders that no build sees, as they really are
   * @throws InvalidInput when bubblewrap is missing or may not do this here
   */
  public static Sandbox open(Path folder, List<Path> hidden) throws IOException {
    var sandbox = new Sandbox("bwrap", folder, hidden);
    sandbox.check();
    return sandbox;
  }

  /** Tries what differs from machine to machine. */
  void check() throws IOException {
    var command = new ArrayList<>(machine(Network.NONE));
    command.addAll(List.of("--", "true"));
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException missing) {
      throw new InvalidInput("slipway.worker.sandbox", "is on, but bwrap is not installed here");
    }
    try (var said = process.getInputStream()) {
      var text = new String(said.readNBytes(500), StandardCharsets.UTF_8).strip();
      if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new InvalidInput(
            "slipway.worker.sandbox", "is on, but bwrap does not work here: " + text);
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new IOException(stop);
    } finally {
      process.destroyForcibly();
    }
  }

  /** What a build's command is run by. */
  List<String> around(Workspace workspace, Network network) {
    var command = machine(network);
    // counted as the workspace is, unlike memory
    bind(command, "--bind", workspace.temporary(), Path.of("/tmp"));
    if (Files.isDirectory(Path.of("/var/tmp"))) {
      bind(command, "--bind", workspace.temporary(), Path.of("/var/tmp"));
    }
    for (var path : hidden) {
      if (Files.isDirectory(path)) {
        command.addAll(List.of("--size", SMALL, "--tmpfs", path.toString()));
      } else {
        bind(command, "--ro-bind", Path.of("/dev/null"), path);
      }
    }
    command.addAll(List.of("--size", SMALL, "--tmpfs", folder.toString()));
    bind(command, "--ro-bind", workspace.mirror(), workspace.mirror());
    bind(command, "--bind", workspace.root(), workspace.root());
    command.addAll(List.of("--chdir", workspace.checkout().toString(), "--"));
    return command;
  }

  private List<String> machine(Network network) {
    var command =
        new ArrayList<>(
            List.of(
                program,
                "--die-with-parent",
                "--unshare-pid",
                "--unshare-ipc",
                "--unshare-uts",
                "--cap-drop",
                "ALL"));
    if (network == Network.NONE) {
      command.add("--unshare-net");
    }
    command.addAll(List.of("--ro-bind", "/", "/", "--dev", "/dev"));
    command.addAll(List.of("--size", SHARED_MEMORY, "--tmpfs", "/dev/shm"));
    command.addAll(List.of("--remount-ro", "/dev", "--proc", "/proc"));
    command.addAll(List.of("--size", SMALL, "--tmpfs", "/run"));
    // where many machines keep what names are looked up with
    command.addAll(List.of("--ro-bind-try", "/run/systemd/resolve", "/run/systemd/resolve"));
    return command;
  }

  private static void bind(List<String> command, String how, Path what, Path where) {
    command.addAll(List.of(how, what.toString(), where.toString()));
  }
}
