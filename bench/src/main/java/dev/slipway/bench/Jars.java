package dev.slipway.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

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

  /**
   * The command that runs a class of this JVM's class path in a process of its own, wherever that
   * is started.
   */
  public static List<String> command(Class<?> main, List<String> flags, List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-cp", classpath(), main.getName()));
    command.addAll(arguments);
    return command;
  }

  private static String classpath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
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
