package dev.slipway.client;

import dev.slipway.client.admin.AuditCommand;
import dev.slipway.client.admin.MachineToken;
import dev.slipway.client.admin.Retention;
import dev.slipway.client.app.AppCommand;
import dev.slipway.client.app.AppsCommand;
import dev.slipway.client.build.BuildsCommand;
import dev.slipway.client.build.Logs;
import dev.slipway.client.build.TimelineCommand;
import dev.slipway.client.build.WorkersCommand;
import dev.slipway.client.context.ContextCommand;
import dev.slipway.client.context.Login;
import dev.slipway.client.context.Logout;
import dev.slipway.client.deploy.Deploy;
import dev.slipway.client.deploy.Move;
import dev.slipway.client.deploy.Retry;
import dev.slipway.client.deploy.Rollback;
import dev.slipway.client.deploy.Status;
import dev.slipway.client.doctor.Doctor;
import dev.slipway.client.fleet.MachinesCommand;
import dev.slipway.client.text.Clean;
import dev.slipway.common.app.AppName;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.problem.Problem;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** The commands that call an installation, wherever it runs. */
@Command(
    name = "slipway",
    description = "From a push on master to every machine in the world.",
    mixinStandardHelpOptions = true,
    versionProvider = Slipway.Version.class,
    footer = {
      "",
      "On this machine: slipway demo and slipway up start an installation, slipway bench NAME",
      "measures one. Exit codes: 0 done, 1 refused or failed, 2 not understood, 3 not found,",
      "4 not reached, 5 not permitted."
    })
public final class Slipway {
  /** By their names, in the order of the help. */
  private static final Map<String, Class<?>> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("login", Login.class);
    COMMANDS.put("logout", Logout.class);
    COMMANDS.put("context", ContextCommand.class);
    COMMANDS.put("apps", AppsCommand.class);
    COMMANDS.put("app", AppCommand.class);
    COMMANDS.put("builds", BuildsCommand.class);
    COMMANDS.put("logs", Logs.class);
    COMMANDS.put("timeline", TimelineCommand.class);
    COMMANDS.put("deploy", Deploy.class);
    COMMANDS.put("rollback", Rollback.class);
    COMMANDS.put("status", Status.class);
    COMMANDS.put("deployment", Move.class);
    COMMANDS.put("retry", Retry.class);
    COMMANDS.put("machines", MachinesCommand.class);
    COMMANDS.put("workers", WorkersCommand.class);
    COMMANDS.put("audit", AuditCommand.class);
    COMMANDS.put("retention", Retention.class);
    COMMANDS.put("machine-token", MachineToken.class);
    COMMANDS.put("doctor", Doctor.class);
    COMMANDS.put("completion", Completion.class);
  }

  private Slipway() {}

  /** Runs a command and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    var out = new PrintWriter(System.out, true, System.out.charset());
    System.exit(run(out, new PrintWriter(System.err, true, System.err.charset()), arguments));
  }

  /**
   * Runs a command.
   *
   * @param out takes answers
   * @param err takes what is not the answer: notes, and one line for what went wrong
   * @return the exit code
   */
  public static int run(PrintWriter out, PrintWriter err, String... arguments) {
    var line = new CommandLine(new Slipway());
    wanted(arguments).forEach(line::addSubcommand);
    // what is set holds for the subcommands that are there
    line.setOut(out).setErr(err);
    line.getSubcommands().values().forEach(Slipway::withHelp);
    line.registerConverter(AppName.class, Slipway::appName);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler(Slipway::explain);
    line.setExecutionExceptionHandler((failed, command, result) -> {
      err.println("slipway: " + Clean.line(messageOf(failed, err)));
      return ExitCode.of(failed).number();
    });
    if (arguments.length == 0) {
      line.usage(err);
      return ExitCode.USAGE.number();
    }
    var code = line.execute(arguments);
    out.flush();
    return code;
  }

  /** Reading what all commands take would be most of a start: only one is called at a time. */
  private static Map<String, Class<?>> wanted(String[] arguments) {
    var first = arguments.length == 0 ? "" : arguments[0];
    if (first.equals("--version") || first.equals("-V")) {
      return Map.of();
    }
    var called = COMMANDS.get(first);
    return called == null || called == Completion.class ? COMMANDS : Map.of(first, called);
  }

  private static void withHelp(CommandLine line) {
    line.getCommandSpec().mixinStandardHelpOptions(true);
    line.getSubcommands().values().forEach(Slipway::withHelp);
  }

  private static AppName appName(String text) {
    try {
      return new AppName(text);
    } catch (InvalidInput wrong) {
      throw new TypeConversionException(String.valueOf(wrong.getMessage()));
    }
  }

  /** One line and where to read on, rather than a page. */
  private static int explain(ParameterException wrong, String[] arguments) {
    var command = wrong.getCommandLine();
    command.getErr().println("slipway: " + Clean.line(String.valueOf(wrong.getMessage())));
    command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return ExitCode.USAGE.number();
  }

  /** What is somebody's mistake is told in one line; what is ours, with where it happened. */
  private static String messageOf(Exception failed, PrintWriter err) {
    if (failed instanceof InvalidInput
        || failed instanceof Problem
        || failed instanceof IOException) {
      return String.valueOf(failed.getMessage());
    }
    failed.printStackTrace(err);
    return failed.toString();
  }

  /** From the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      var version = Slipway.class.getPackage().getImplementationVersion();
      return new String[] {"slipway " + (version == null ? "of a folder of classes" : version)};
    }
  }
}
