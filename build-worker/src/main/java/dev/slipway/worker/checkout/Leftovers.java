package dev.slipway.worker.checkout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Processes that a build left behind: also those that made a session of their own, or outlived the
 * worker that started them.
 */
public final class Leftovers {
  private Leftovers() {}

  /** Kills every process that has its working folder in {@code folder}. */
  public static void kill(Path folder) {
    ProcessHandle.allProcesses()
        .filter(process -> isIn(process, folder))
        .forEach(ProcessHandle::destroyForcibly);
  }

  private static boolean isIn(ProcessHandle process, Path folder) {
    try {
      return Files.readSymbolicLink(Path.of("/proc", String.valueOf(process.pid()), "cwd"))
          .startsWith(folder);
    } catch (IOException goneOrNotOurs) {
      return false;
    }
  }
}
