package dev.slipway.bench.workers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process of the drill, which is started again when it is not there any more. */
final class Member {
  private final String name;
  private final List<String> command;
  private final Path output;
  private Process process;
  private boolean frozen;

  Member(String name, List<String> command, Path output) throws IOException {
    this.name = name;
    this.command = command;
    this.output = output;
    this.process = start();
  }

  private Process start() throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
        .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
        .start();
  }

  String name() {
    return name;
  }

  boolean isFrozen() {
    return frozen;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Starts a new process of it where there is none. */
  void ensure() throws IOException {
    if (!process.isAlive()) {
      process = start();
      frozen = false;
    }
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  void freeze() throws IOException, InterruptedException {
    signal("STOP");
    frozen = true;
  }

  void thaw() throws IOException, InterruptedException {
    signal("CONT");
    frozen = false;
  }

  /** Asks it to end in good order, without waiting. */
  void ask() {
    process.destroy();
  }

  /** Waits for its end after {@link #ask}; ends it when that takes long. */
  void end() throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      kill();
    }
  }

  /** Ends it without waiting. */
  void abandon() {
    process.destroyForcibly();
  }

  private void signal(String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-s", signal, String.valueOf(process.pid())).start().waitFor();
  }
}
