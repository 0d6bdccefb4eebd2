package dev.slipway.bench.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The processes whose working folder is below some folder, as an app's is below its machine's. */
public final class Residents {
  private Residents() {}

  public static List<ProcessHandle> of(Path folder) {
    return ProcessHandle.allProcesses().filter(process -> isIn(process, folder)).toList();
  }

  /** Kills them all, and those that they start meanwhile. */
  public static void kill(Path folder) {
    for (var some = of(folder); !some.isEmpty(); some = of(folder)) {
      some.forEach(ProcessHandle::destroyForcibly);
    }
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
