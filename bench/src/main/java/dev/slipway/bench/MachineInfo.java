package dev.slipway.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a benchmark ran on. */
final class MachineInfo {
  private MachineInfo() {}

  /**
   * One line, without the machine's name.
   *
   * @param folder where the data are kept
   */
  static String line(Path folder) throws IOException {
    return "%d cores, %.1f GB of memory, JDK %s (%s), %s %s %s, data on %s"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            system().getTotalMemorySize() / 1e9,
            System.getProperty("java.version"),
            System.getProperty("java.vendor"),
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            System.getProperty("os.arch"),
            Files.getFileStore(folder).type());
  }

  /** How many processes want to run, over the last minute; with a warning when that is many. */
  static String load() {
    var load = system().getSystemLoadAverage();
    return "load average %.2f%s"
        .formatted(
            load,
            load > Runtime.getRuntime().availableProcessors() / 2.0
                ? ": the machine is not quiet, so figures are worse than they would be"
                : "");
  }

  private static OperatingSystemMXBean system() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  }
}
