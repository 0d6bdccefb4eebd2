package dev.slipway.bench.workers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process of the drill, which is started again when it is not there any more. */
public final class Member {
  private final String name;
  private final List<String> command;
  private final Path output;
  private Process process;
  private boolean frozen;

  /**
   * Starts it.
   *
   * @param output gets all that it prints
   */
  public Member(String name, List<String> command, Path output) throws IOException {
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

  public String name() {
    return name;
  }

  /** The process that it has now. */
  public ProcessHandle handle() {
    return process.toHandle();
  }

  boolean isFrozen() {
    return frozen;
  }

  /** Whether there is a process of it now. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Starts a new process of it where there is none. */
  public void ensure() throws IOException {
    if (!process.isAlive()) {
      process = start();
      frozen = false;
    }
  }

  /** Ends it by SIGKILL, and waits for its end. */
  public void kill() throws InterruptedException {
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
  public void ask() {
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

  /** Ends it by SIGKILL and waits for its end, which no interrupt keeps it from. */
  public void destroy() {
    process.destroyForcibly().onExit().join();
  }

  private void signal(String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-s", signal, String.valueOf(process.pid())).start().waitFor();
  }
}
