package dev.slipway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

/** Resident memory as Linux counts it. */
public final class Memory {
  private static final Path PROC = Path.of("/proc");

  private Memory() {}

  /**
   * What is resident of some processes, in MB of 1,000,000 bytes. What they share is counted once:
   * each process counts for its part of it; where that is not to be read, in full.
   */
  public static double sharedMb(Collection<ProcessHandle> processes) {
    return processes.stream().mapToLong(p -> proportional(p.pid())).sum() / 1e6;
  }

  /** What is resident of a process, what it shares with others counted in full; in MB. */
  public static double residentMb(ProcessHandle process) {
    return resident(process.pid()) / 1e6;
  }

  /** What is resident of a process and of no file, so page cache apart; in MB. */
  public static double anonymousMb(ProcessHandle process) {
    return status(process.pid(), "RssAnon:") / 1e6;
  }

  /** The most that was resident of this process so far, in MB. */
  public static double ownPeakMb() throws IOException {
    return line(PROC.resolve("self/status"), "VmHWM:") / 1e6;
  }

  /**
   * Makes sure that it can be read here.
   *
   * @throws IOException where there is nothing to read it from
   */
  public static void requireReadable() throws IOException {
    if (!Files.isReadable(PROC.resolve("self/status"))) {
      throw new IOException("resident memory is read from /proc, which is not here");
    }
  }

  private static long proportional(long pid) {
    try {
      return line(PROC.resolve(pid + "/smaps_rollup"), "Pss:");
    } catch (IOException notReadable) {
      return resident(pid);
    }
  }

  private static long resident(long pid) {
    return status(pid, "VmRSS:");
  }

  private static long status(long pid, String key) {
    try {
      return line(PROC.resolve(pid + "/status"), key);
    } catch (IOException ended) {
      return 0;
    }
  }

  /** A line as {@code Pss: 1234 kB}, in bytes. */
  private static long line(Path file, String key) throws IOException {
    for (var line : Files.readAllLines(file)) {
      if (line.startsWith(key)) {
        return Long.parseLong(line.substring(key.length()).replace("kB", "").strip()) * 1024;
      }
    }
    return 0;
  }
}
