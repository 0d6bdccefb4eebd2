package dev.slipway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The modules' executable jars, as the build leaves them. */
public final class Jars {
  /** The flags that docs/benchmarks.md advises for a machine. */
  public static final List<String> MACHINE_FLAGS = List.of("-XX:+UseSerialGC", "-Xmx48m");

  private Jars() {}

  /**
   * The command that runs a module by itself.
   *
   * @param module its folder beside the launcher
   * @param flags the JVM's
   * @throws IOException when it is not built
   */
  public static List<String> command(String module, List<String> flags, List<String> arguments)
      throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-jar", jar(module).toString()));
    command.addAll(arguments);
    return command;
  }

  private static Path jar(String module) throws IOException {
    var folder =
        Path.of(System.getProperty("slipway.launcher", "slipway"))
            .resolveSibling(module + "/target");
    try (var jars = Files.newDirectoryStream(folder, "slipway-" + module + "-*-exec.jar")) {
      for (var jar : jars) {
        return jar;
      }
    }
    throw new IOException("there is no " + module + " in " + folder);
  }
}
