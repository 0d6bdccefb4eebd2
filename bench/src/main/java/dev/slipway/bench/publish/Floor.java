package dev.slipway.bench.publish;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalDouble;

/** Reading a file and hashing it, by the system's own tools. */
final class Floor {
  private static final int NOT_FOUND = 127;

  private Floor() {}

  /** Seconds that {@code dd | sha256sum} takes. */
  static double sha256sum(Path file) throws IOException, InterruptedException {
    return run(file, "sha256sum")
        .orElseThrow(() -> new IOException("sha256sum is not to be found here"));
  }

  /** The same with OpenSSL, which uses what the processor has for it; none where it is missing. */
  static OptionalDouble openssl(Path file) throws IOException, InterruptedException {
    return run(file, "openssl dgst -sha256");
  }

  private static OptionalDouble run(Path file, String hash)
      throws IOException, InterruptedException {
    var begun = System.nanoTime();
    var process =
        new ProcessBuilder("sh", "-c", "dd if=\"$1\" bs=1M 2>/dev/null | " + hash, "sh", "" + file)
            .redirectErrorStream(true)
            .start();
    try {
      process.getOutputStream().close();
      var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      var code = process.waitFor();
      if (code == NOT_FOUND) {
        return OptionalDouble.empty();
      }
      if (code != 0) {
        throw new IOException(hash + " failed: " + said.strip());
      }
      return OptionalDouble.of((System.nanoTime() - begun) / 1e9);
    } finally {
      process.destroyForcibly();
    }
  }
}
