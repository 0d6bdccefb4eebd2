package dev.slipway.standalone;

import dev.slipway.common.access.MachineTokens;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.problem.Problem;
import dev.slipway.standalone.client.Deploy;
import dev.slipway.standalone.client.Move;
import dev.slipway.standalone.client.Retry;
import dev.slipway.standalone.client.Rollback;
import dev.slipway.standalone.client.Status;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that run Slipway on one machine, and those that call its services. */
@Command(
    name = "slipway",
    description = "From a push on master to every machine in the world.",
    mixinStandardHelpOptions = true,
    subcommands = {
      Slipway.Up.class,
      Slipway.DemoCommand.class,
      Slipway.MachineToken.class,
      Slipway.Retention.class,
      Deploy.class,
      Rollback.class,
      Move.class,
      Status.class,
      Retry.class
    })
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

  @Command(
      name = "machine-token",
      mixinStandardHelpOptions = true,
      description = "Prints the token of a machine, derived from its region's secret.")
  static final class MachineToken implements Callable<Integer> {
    @Option(
        names = "--secret-file",
        required = true,
        description = "The file with slipway.region.machine-secret.")
    private Path secretFile = Path.of("");

    @Parameters(paramLabel = "MACHINE", description = "The machine's id.")
    private String machine = "";

    @Override
    public Integer call() throws IOException {
      var secret = Files.readString(secretFile).strip();
      System.out.println(new MachineTokens(secret).tokenOf(new MachineId(machine)));
      return 0;
    }
  }

  @Command(
      name = "retention",
      mixinStandardHelpOptions = true,
      description = "Has builds deleted that are not kept, or tells which that would be.")
  static final class Retention implements Callable<Integer> {
    @Option(names = "--dry-run", description = "Tell what would be deleted; change nothing.")
    private boolean dryRun;

    @Option(
        names = "--url",
        defaultValue = "http://127.0.0.1:8083",
        description = "replication-checker's address (default ${DEFAULT-VALUE}).")
    private URI url = URI.create("http://127.0.0.1:8083");

    @Option(
        names = "--token-file",
        defaultValue = ".slipway/keys/admin",
        description = "A file with a token of role ADMIN (default ${DEFAULT-VALUE}).")
    private Path tokenFile = Path.of("");

    @Override
    public Integer call() throws IOException, InterruptedException {
      var api = new Api(url, Files.readString(tokenFile).strip());
      var answer = api.post("/api/v1/retention?dry-run=" + dryRun, Map.of());
      System.out.println(
          dryRun
              ? answer.toPrettyString()
              : "A pass has begun; the audit trail tells what it did.");
      return 0;
    }
  }
}
