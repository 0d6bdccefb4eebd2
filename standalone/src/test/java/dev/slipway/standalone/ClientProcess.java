package dev.slipway.standalone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;

/** The command line as people run it: each command a process of its own. */
@NullMarked
final class ClientProcess {
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
  private static final int LONGEST_MINUTES = 5;

  private final Path home;

  /**
   * @param home keeps what it is signed in to
   */
  ClientProcess(Path home) {
    this.home = home;
  }

  /** How a command ended, and what it printed. */
  record Ran(int code, String out, String err) {}

  Path contexts() {
    return home.resolve("slipway/contexts.json");
  }

  /** Runs a command in the folder. */
  Ran run(String... arguments) throws IOException, InterruptedException {
    return run(home, "", arguments);
  }

  /**
   * Runs a command.
   *
   * @param folder where
   * @param typed its standard input
   */
  Ran run(Path folder, String typed, String... arguments) throws IOException, InterruptedException {
    var command =
        new ArrayList<>(
            List.of(
                JAVA.toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx64m",
                "-Dstdout.encoding=UTF-8",
                "-Dstderr.encoding=UTF-8",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.slipway.client.Slipway"));
    command.addAll(List.of(arguments));
    var errors = Files.createTempFile(home, "err", null);
    var builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectError(errors.toFile());
    builder.environment().put("XDG_CONFIG_HOME", home.toString());
    var process = builder.start();
    try (var in = process.getOutputStream()) {
      in.write(typed.getBytes(StandardCharsets.UTF_8));
    }
    var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new IOException(String.join(" ", arguments) + " did not end");
    }
    return new Ran(process.exitValue(), out, Files.readString(errors));
  }
}
