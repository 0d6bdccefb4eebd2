package dev.slipway.machine.app;

import dev.slipway.common.process.ProcessGroup;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * An app's process, known by what it wrote of itself when it started, so that any later agent finds
 * it and never takes another one for it: numbers are given again, but not with the same start in
 * the same boot.
 *
 * @param group process id of the group's leader
 * @param started clock ticks from boot to its start
 * @param boot names the machine's boot
 */
record AppProcess(long group, long started, String boot, long build) {
  private static final Path PROC = Path.of("/proc");
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
  private static final int PAUSE_MILLIS = 10;
  private static final Duration DYING = Duration.ofSeconds(10);

  /**
   * Shell code by which a process writes down who it is before it does anything else. What a dying
   * agent has started is so known to the next.
   */
  static String introduction(Path file, long build) {
    var quoted = Shell.quote(file.toString());
    return """
    { echo %d && cat %s /proc/$$/stat; } > %s.new && mv %s.new %s || exit 126
    """
        .formatted(build, BOOT, quoted, quoted, quoted);
  }

  /**
   * Reads what a process wrote of itself. Each writes it whole, so what cannot be read was lost
   * with the machine's power, and the process with it: there is none.
   */
  static Optional<AppProcess> read(Path file) throws IOException {
    try {
      var lines = Files.readAllLines(file);
      var stat = Stat.parse(lines.get(2));
      return Optional.of(
          new AppProcess(stat.pid(), stat.started(), lines.get(1), Long.parseLong(lines.get(0))));
    } catch (NoSuchFileException
        | CharacterCodingException
        | IndexOutOfBoundsException
        | NumberFormatException none) {
      return Optional.empty();
    }
  }

  boolean isAlive() throws IOException {
    if (!boot.equals(Files.readString(BOOT).strip())) {
      return false;
    }
    var now = statNow();
    return now.isPresent() && now.get().started() == started && !now.get().isDead();
  }

  /** Asks the whole group to end, and kills what has not {@code within}. */
  void stop(String signal, Duration within) throws IOException, InterruptedException {
    if (isAlive()) {
      ProcessGroup.signal(group, signal);
      awaitDeath(within);
    }
    kill();
  }

  /** Kills what is left of the group; its leader may have ended before the others. */
  void kill() throws IOException, InterruptedException {
    if (!boot.equals(Files.readString(BOOT).strip())) {
      return;
    }
    var now = statNow();
    if (now.isPresent() && now.get().started() != started) {
      // the number is somebody else's now, so of our group nobody is left
      return;
    }
    ProcessGroup.signal(group, "KILL");
    if (!awaitDeath(DYING)) {
      throw new IOException("process " + group + " cannot be killed");
    }
  }

  private boolean awaitDeath(Duration within) throws IOException, InterruptedException {
    var deadline = System.nanoTime() + within.toNanos();
    while (isAlive()) {
      if (System.nanoTime() - deadline >= 0) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
    return true;
  }

  private Optional<Stat> statNow() throws IOException {
    try {
      return Optional.of(
          Stat.parse(Files.readString(PROC.resolve(Long.toString(group)).resolve("stat"))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      if ("No such process".equals(e.getMessage())) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** A line of /proc/PID/stat: the name in it may hold spaces and brackets. */
  private record Stat(long pid, char state, long started) {
    private static final int STARTED = 19;

    static Stat parse(String line) {
      var name = line.lastIndexOf(')');
      var fields = line.substring(name + 2).split(" ", -1);
      return new Stat(
          Long.parseLong(line.substring(0, line.indexOf(' '))),
          fields[0].charAt(0),
          Long.parseLong(fields[STARTED]));
    }

    /** Also one that has ended and that nobody has waited for. */
    boolean isDead() {
      return state == 'Z' || state == 'X';
    }
  }
}
