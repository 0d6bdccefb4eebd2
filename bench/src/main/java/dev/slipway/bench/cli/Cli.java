package dev.slipway.bench.cli;

import dev.slipway.bench.Launched;
import dev.slipway.bench.Program;
import dev.slipway.bench.Run;
import dev.slipway.bench.Samples;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Starts commands of the command line as a person does, against an installation on this machine,
 * and takes the time from the start of the process to its end.
 */
public final class Cli implements Program {
  private static final double TARGET_S = 0.5;
  private static final int STARTS_A_ROUND = 10;
  private static final int LONGEST_SECONDS = 30;

  /** One that calls nobody, one that calls a service once, one that calls several. */
  private static final List<String> COMMANDS = List.of("--version", "workers", "doctor");

  @Override
  public String name() {
    return "cli";
  }

  @Override
  public Duration expected(boolean quick) {
    return quick ? Duration.ofMinutes(1) : Duration.ofMinutes(3);
  }

  @Override
  public void run(Run run) throws Exception {
    var script = System.getProperty("slipway.launcher");
    if (script == null) {
      throw new IOException("start it as ./slipway bench cli: it starts the launcher in turn");
    }
    var data = run.folder().resolve("up");
    var port = "" + run.ports().base();
    var up = List.of(script, "up", "--data", data.toString(), "--port", port);
    var figures = new LinkedHashMap<String, Samples>();
    COMMANDS.forEach(command -> figures.put(command, new Samples()));
    var uncached = new Samples();
    try (var installation = Launched.start(up, " ready ")) {
      var options =
          List.of(
              "--url",
              "http://127.0.0.1:" + port,
              "--token-file",
              data.resolve("keys/admin").toString());
      for (var round = 0; round <= run.rounds(); round++) {
        round(run, round, List.of(script), options, figures);
        var taken = seconds(withoutCache(Path.of(script)), List.of("--version"));
        if (round > 0) {
          uncached.add(taken);
        }
      }
      installation.requireAlive();
    }
    figures.forEach((command, samples) ->
        run.results().figure("cli." + command.replace("--", "") + "_s", samples, "s", TARGET_S));
    run.results()
        .detail("--version, by java -jar alone, without launcher and cache", uncached, "s");
  }

  private static void round(
      Run run, int round, List<String> launcher, List<String> options, Map<String, Samples> figures)
      throws IOException, InterruptedException {
    for (var figure : figures.entrySet()) {
      var arguments = new ArrayList<>(List.of(figure.getKey()));
      if (!figure.getKey().startsWith("--")) {
        arguments.addAll(options);
      }
      var worst = 0.0;
      for (var start = 0; start < STARTS_A_ROUND; start++) {
        var taken = seconds(launcher, arguments);
        worst = Math.max(worst, taken);
        if (round > 0) {
          figure.getValue().add(taken);
        }
      }
      run.teller()
          .tell(
              round == 0 ? "warm-up" : "round " + round + "/" + run.rounds(),
              "slipway %s: at most %.2f s".formatted(figure.getKey(), worst));
    }
  }

  private static List<String> withoutCache(Path script) {
    var jar = script.resolveSibling("client/target/lib/slipway.jar");
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", jar.toString());
  }

  private static double seconds(List<String> program, List<String> arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(program);
    command.addAll(arguments);
    var begun = System.nanoTime();
    var process =
        new ProcessBuilder(command)
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.INHERIT)
            .start();
    process.getOutputStream().close();
    if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(String.join(" ", arguments) + " does not end");
    }
    var taken = (System.nanoTime() - begun) / 1e9;
    // 6 is doctor's when there is something to mind
    if (process.exitValue() != 0 && process.exitValue() != 6) {
      throw new IOException(String.join(" ", arguments) + " ended as " + process.exitValue());
    }
    return taken;
  }
}
