package dev.slipway.standalone;

import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The commands that run Slipway on one machine; those that call it are the client's. */
@Command(
    name = "slipway",
    description = "From a push on master to every machine in the world.",
    mixinStandardHelpOptions = true,
    subcommands = {Slipway.Up.class, Slipway.DemoCommand.class})
public final class Slipway {
  /** Runs a command and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    var line = new CommandLine(new Slipway());
    line.setExecutionExceptionHandler((failed, command, result) -> {
      command.getErr().println("slipway: " + messageOf(failed));
      return 1;
    });
    var exitCode = arguments.length == 0 ? usage(line) : line.execute(arguments);
    Running.ended();
    System.exit(exitCode);
  }

  private static int usage(CommandLine line) {
    line.usage(System.err);
    return 2;
  }

  /** What is somebody's mistake is told in one line; what is ours, with where it happened. */
  private static String messageOf(Exception failed) {
    if (failed instanceof InvalidInput
        || failed instanceof Problem
        || failed instanceof IOException) {
      return String.valueOf(failed.getMessage());
    }
    failed.printStackTrace();
    return failed.toString();
  }

  /** What {@code up} and {@code demo} have in common. */
  static final class Place {
    @Option(
        names = "--port",
        defaultValue = "8080",
        description =
            "The console's port; every other is counted from it (default ${DEFAULT-VALUE}).")
    private int port;

    Ports ports() {
      return new Ports(port);
    }
  }

  @Command(
      name = "up",
      mixinStandardHelpOptions = true,
      description = "Starts everything on an embedded default and goes on where it stopped.")
  static final class Up implements Callable<Integer> {
    @CommandLine.Mixin private Place place = new Place();

    @Option(
        names = "--data",
        defaultValue = ".slipway",
        description = "Where state is kept (default ${DEFAULT-VALUE}).")
    private Path data = Path.of(".slipway");

    @Override
    public Integer call() throws Exception {
      var teller = new Teller(System.out);
      try (var standalone = Running.start(data, place.ports(), teller)) {
        new Welcome(standalone, teller).tell();
        Running.awaitStop();
      }
      return 0;
    }
  }

  @Command(
      name = "demo",
      mixinStandardHelpOptions = true,
      description =
          "Starts everything afresh and takes two commits of a sample app to twelve machines in three regions.")
  static final class DemoCommand implements Callable<Integer> {
    @CommandLine.Mixin private Place place = new Place();

    @Option(
        names = "--exit",
        description = "End afterwards, with 0 only if every machine runs the second commit.")
    private boolean exit;

    @Override
    public Integer call() throws Exception {
      var teller = new Teller(System.out);
      var data = Files.createTempDirectory("slipway-demo");
      try (var standalone = Running.start(data, place.ports(), teller)) {
        new Demo(standalone, teller).run();
        if (!exit) {
          new Welcome(standalone, teller).tell();
          Running.awaitStop();
        }
      }
      // kept when anything above has failed, for whoever wants to know why
      Running.delete(data);
      return 0;
    }
  }
}
