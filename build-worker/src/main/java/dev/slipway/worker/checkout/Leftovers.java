package dev.slipway.worker.checkout;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes that a build left behind: also those that made a session of their own, or outlived the
 * worker that started them. They are known by their working folder and by a variable that is in the
 * environment of all that a worker starts.
 */
public final class Leftovers {
  /** The variable; its value is the folder that the process belongs to. */
  public static final String MARK = "SLIPWAY_WORKSPACE";

  private static final Logger log = LoggerFactory.getLogger(Leftovers.class);

  /** What is killed may have forked just before: so it is looked again, for some seconds. */
  private static final int ROUNDS = 200;

  private static final int PAUSE_MILLIS = 10;

  private Leftovers() {}

  /**
   * Kills every process that belongs to {@code folder} or a folder below it, until none is found.
   */
  public static void kill(Path folder) {
    // also when the worker is in a hurry
    var interrupted = Thread.interrupted();
    try {
      for (var round = 0; round < ROUNDS; round++) {
        var found = of(folder);
        if (found.isEmpty()) {
          return;
        }
        found.forEach(ProcessHandle::destroyForcibly);
        interrupted |= isInterruptedWhilePausing();
      }
      log.warn("Processes {} of {} do not end", of(folder), folder);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static boolean isInterruptedWhilePausing() {
    try {
      Thread.sleep(PAUSE_MILLIS);
      return false;
    } catch (InterruptedException hurry) {
      return true;
    }
  }

  private static List<ProcessHandle> of(Path folder) {
    var self = ProcessHandle.current();
    return ProcessHandle.allProcesses()
        .filter(process -> !process.equals(self))
        .filter(process -> isIn(process, folder) || isMarked(process, folder))
        .toList();
  }

  private static boolean isIn(ProcessHandle process, Path folder) {
    try {
      return Files.readSymbolicLink(proc(process, "cwd")).startsWith(folder);
    } catch (IOException goneOrNotOurs) {
      return false;
    }
  }

  private static boolean isMarked(ProcessHandle process, Path folder) {
    try {
      var variables = Files.readAllBytes(proc(process, "environ"));
      for (var variable : new String(variables, StandardCharsets.ISO_8859_1).split("\0", -1)) {
        if (variable.startsWith(MARK + "=")) {
          var marked = variable.substring(MARK.length() + 1).getBytes(StandardCharsets.ISO_8859_1);
          return Path.of(new String(marked, StandardCharsets.UTF_8)).startsWith(folder);
        }
      }
      return false;
    } catch (IOException | IllegalArgumentException goneOrNotOurs) {
      return false;
    }
  }

  private static Path proc(ProcessHandle process, String what) {
    return Path.of("/proc", String.valueOf(process.pid()), what);
  }
}
