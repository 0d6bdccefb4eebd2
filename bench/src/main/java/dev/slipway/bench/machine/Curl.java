package dev.slipway.bench.machine;

import dev.slipway.common.target.Release;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Plain HTTP: the artifact from the same regional agent to a file, and nothing else. */
final class Curl {
  private Curl() {}

  /**
   * Seconds that it takes.
   *
   * @param file is made for it, and gone afterwards
   */
  static double fetch(Region region, Release release, String token, Path file)
      throws IOException, InterruptedException {
    var begun = System.nanoTime();
    var process =
        new ProcessBuilder(
                "curl",
                "-sSf",
                "-H",
                "Authorization: Bearer " + token,
                "-o",
                file.toString(),
                region.artifact(release).toString())
            .redirectErrorStream(true)
            .start();
    try {
      process.getOutputStream().close();
      var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0 || Files.size(file) != release.size()) {
        throw new IOException("curl did not get it: " + said.strip());
      }
      return (System.nanoTime() - begun) / 1e9;
    } finally {
      process.destroyForcibly();
      Files.deleteIfExists(file);
    }
  }
}
