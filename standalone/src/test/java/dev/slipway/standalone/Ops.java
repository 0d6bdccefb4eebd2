package dev.slipway.standalone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Assumptions;

/** Runs what is in {@code ops/}, as an operator would. */
@NullMarked
final class Ops {
  private static final Path FOLDER = Path.of("..", "ops").toAbsolutePath().normalize();
  private static final int LONGEST_MINUTES = 3;

  private Ops() {}

  /** Skips the test, loudly, where the scripts have no client of PostgreSQL. */
  @SuppressWarnings("SystemOut")
  static void assumeClient() {
    var here =
        List.of(System.getenv("PATH").split(":")).stream()
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "psql")));
    if (!here) {
      System.err.println("TESTS OF BACKUP AND RESTORE SKIPPED: psql is not here");
    }
    Assumptions.assumeTrue(here, "no psql");
  }

  /** A script's whole path. */
  static Path script(String name) {
    return FOLDER.resolve(name);
  }

  /**
   * Runs a script.
   *
   * @param environment besides one's own
   * @return what it printed
   * @throws IOException when it fails, with what it printed
   */
  static String run(Map<String, String> environment, String name, String... arguments)
      throws IOException, InterruptedException {
    return run(environment, false, name, arguments);
  }

  /** The same, for one that starts PostgreSQL, which root may not. */
  static String runAsNobodySpecial(
      Map<String, String> environment, String name, String... arguments)
      throws IOException, InterruptedException {
    return run(environment, "root".equals(System.getProperty("user.name")), name, arguments);
  }

  private static String run(
      Map<String, String> environment, boolean without, String name, String... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    if (without) {
      command.addAll(List.of("unshare", "-U"));
    }
    command.addAll(List.of("sh", script(name).toString()));
    command.addAll(List.of(arguments));
    return run(environment, command);
  }

  /**
   * Runs a file of SQL.
   *
   * @param jdbcUrl of the database, with whoever uses it
   */
  static String psql(String jdbcUrl, String name) throws IOException, InterruptedException {
    return run(
        Map.of(),
        List.of(
            "psql",
            "-X",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-d",
            jdbcUrl.substring("jdbc:".length()),
            "-f",
            script(name).toString()));
  }

  private static String run(Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    // a server that is left running by a script that fails would hold a pipe open
    var output = Files.createTempFile("slipway-ops", ".log");
    try {
      var process = builder.redirectOutput(output.toFile()).start();
      process.getOutputStream().close();
      if (!process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)) {
        process.destroy();
        throw new IOException(command + " takes too long: " + Files.readString(output));
      }
      var said = Files.readString(output, StandardCharsets.UTF_8);
      if (process.exitValue() != 0) {
        throw new IOException(command + " failed: " + said);
      }
      return said;
    } finally {
      Files.delete(output);
    }
  }
}
