package dev.slipway.bench.fanout;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Short commands of the system. */
public final class Shell {
  private static final int LONGEST_SECONDS = 30;

  private Shell() {}

  /**
   * Runs a command to its end and returns what it printed.
   *
   * @throws IOException when it fails or takes longer than half a minute, with what it printed
   */
  public static String run(List<String> command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException(String.join(" ", command) + " failed: " + said.strip());
      }
      return said;
    } finally {
      process.destroyForcibly();
    }
  }
}
