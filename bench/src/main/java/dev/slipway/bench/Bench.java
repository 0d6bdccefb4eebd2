package dev.slipway.bench;

import dev.slipway.bench.cli.Cli;
import dev.slipway.bench.day.Day;
import dev.slipway.bench.delta.Delta;
import dev.slipway.bench.deploy.DrillDeploy;
import dev.slipway.bench.fanout.Fanout;
import dev.slipway.bench.fleet.Fleet;
import dev.slipway.bench.ha.DrillHa;
import dev.slipway.bench.machine.Machine;
import dev.slipway.bench.plan.Plan;
import dev.slipway.bench.publish.Publish;
import dev.slipway.bench.queue.Queue;
import dev.slipway.bench.walk.Walk;
import dev.slipway.bench.workers.DrillWorkers;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.standalone.Ports;
import dev.slipway.standalone.Teller;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs one benchmark or drill: {@code ./slipway bench NAME}. */
@Command(
    name = "slipway bench",
    mixinStandardHelpOptions = true,
    description = "Runs a benchmark or a drill on this machine and prints what it found.")
public final class Bench implements Callable<Integer> {
  private static final List<Program> PROGRAMS =
      List.of(
          new Cli(),
          new Day(),
          new Delta(),
          new DrillDeploy(),
          new DrillHa(),
          new DrillWorkers(),
          new Fanout(),
          new Fleet(),
          new Machine(),
          new Plan(),
          new Publish(),
          new Queue(),
          new Walk());

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "NAME",
      description =
          "What to run: cli, day, delta, drill-deploy, drill-ha, drill-workers, fanout, fleet,"
              + " machine, plan, publish, queue or walk.")
  private String name = "";

  @Option(names = "--quick", description = "A shorter run of the same shape.")
  private boolean quick;

  @Option(
      names = "--port",
      defaultValue = "21080",
      description = "The first of the 220 ports that it uses (default ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A setting of the program, as docs/benchmarks.md lists them; may be repeated.")
  private Map<String, String> settings = new LinkedHashMap<>();

  /** Runs a program and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    System.exit(execute(arguments));
  }

  static int execute(String... arguments) {
    return new CommandLine(new Bench())
        .setExecutionExceptionHandler((failed, command, result) -> {
          command.getErr().println("slipway bench: " + failed);
          return 1;
        })
        .execute(arguments);
  }

  @Override
  public Integer call() throws Exception {
    var program = program();
    requireKnown(program);
    var session = new Session(program, quick, settings, ports(), new Teller(System.out));
    return session.run() ? 0 : 1;
  }

  private void requireKnown(Program program) {
    for (var key : settings.keySet()) {
      if (!program.settings().contains(key)) {
        throw new ParameterException(
            spec.commandLine(),
            program.settings().isEmpty()
                ? "--set: %s has nothing to be set".formatted(name)
                : "--set: %s has no '%s'; it has: %s"
                    .formatted(
                        name,
                        key,
                        program.settings().stream().sorted().collect(Collectors.joining(", "))));
      }
    }
  }

  private Program program() {
    return PROGRAMS.stream()
        .filter(program -> program.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new ParameterException(
                spec.commandLine(),
                "there is no benchmark '%s'; there is: %s"
                    .formatted(
                        name,
                        PROGRAMS.stream().map(Program::name).collect(Collectors.joining(", ")))));
  }

  private Ports ports() {
    try {
      return new Ports(port);
    } catch (InvalidInput wrong) {
      throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
    }
  }
}
