package dev.slipway.common.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A shell command in a process group of its own, so that all that it starts can be signalled and
 * ended together. Needs {@code setsid} and {@code kill}, which every Linux has.
 */
public final class ProcessGroup {
  private final Process leader;

  private ProcessGroup(Process leader) {
    this.leader = leader;
  }

  /**
   * Starts {@code sh -c command} as the leader of a new session; output and errors go to {@code
   * output} or, if that is {@link ProcessBuilder.Redirect#PIPE}, to {@link #leader()}'s input
   * stream.
   *
   * @param environment the whole of it: nothing is inherited
   */
  public static ProcessGroup start(
      String command, Path folder, Map<String, String> environment, ProcessBuilder.Redirect output)
      throws IOException {
    return start(List.of("sh", "-c", command), folder, environment, output);
  }

  /**
   * Starts {@code sh -c command} by a program that runs what follows its own arguments. The group's
   * leader is a shell that waits for it, so that it has a parent for as long as the group lasts.
   */
  public static ProcessGroup startWithin(
      List<String> program,
      String command,
      Path folder,
      Map<String, String> environment,
      ProcessBuilder.Redirect output)
      throws IOException {
    var words = new ArrayList<>(List.of("sh", "-c", "\"$@\"; exit $?", "sh"));
    words.addAll(program);
    words.addAll(List.of("sh", "-c", command));
    return start(words, folder, environment, output);
  }

  private static ProcessGroup start(
      List<String> words,
      Path folder,
      Map<String, String> environment,
      ProcessBuilder.Redirect output)
      throws IOException {
    var command = new ArrayList<>(List.of("setsid"));
    command.addAll(words);
    var builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectOutput(output);
    builder.environment().clear();
    builder.environment().putAll(environment);
    return new ProcessGroup(builder.start());
  }

  /** The shell. */
  public Process leader() {
    return leader;
  }

  /** The group's id, which is the leader's process id. */
  public long id() {
    return leader.pid();
  }

  /** Kills every process of the group and waits for the leader's end. */
  public void kill() throws InterruptedException {
    signal(id(), "KILL");
    leader.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
  }

  /** Sends {@code signal}, waits for the leader's end, then kills whatever of the group is left. */
  public void stop(String signal, Duration within) throws InterruptedException {
    signal(id(), signal);
    leader.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
    kill();
  }

  /**
   * Sends a signal to every process of a group; a group that is gone is no error.
   *
   * @param group above 1: what 0 and 1 mean to {@code kill} is this process's group, and everybody
   * @param signal a name without SIG
   */
  public static void signal(long group, String signal) throws InterruptedException {
    if (group <= 1) {
      throw new IllegalArgumentException("no process group: " + group);
    }
    try {
      new ProcessBuilder("kill", "-s", signal, "--", "-" + group)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new IllegalStateException("kill could not be run", e);
    }
  }
}
