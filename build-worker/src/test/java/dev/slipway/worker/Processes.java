package dev.slipway.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;

/** What has become of processes. */
@NullMarked
public final class Processes {
  private Processes() {}

  /** Whether it runs no more; in some containers nobody reaps orphans. */
  public static boolean isGone(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") Z ");
    } catch (IOException gone) {
      return true;
    }
  }
}
