package dev.slipway.bench.walk;

import dev.slipway.bench.Launched;
import dev.slipway.bench.Run;
import dev.slipway.bench.Samples;
import dev.slipway.standalone.Api;
import dev.slipway.standalone.Elsewhere;
import dev.slipway.standalone.Size;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Starts {@code ./slipway up} again and again; the last of each kind is left running. */
final class Ups {
  private static final double TARGET_S = 20;

  /** How {@code up} begins the line that it prints when everything is started. */
  private static final String READY = " ready ";

  private final Run run;
  private final String launcher;
  private final Samples fresh = new Samples();
  private final Samples again = new Samples();

  Ups(Run run) throws IOException {
    this.run = run;
    var script = System.getProperty("slipway.launcher");
    if (script == null) {
      throw new IOException("start it as ./slipway bench walk: it starts the launcher in turn");
    }
    this.launcher = script;
  }

  /** The installation that is left running. */
  Elsewhere installation() {
    return new Elsewhere(folder(run.rounds()), run.ports(), Size.DEFAULT);
  }

  /** Each on a folder that nobody has used. */
  Launched fresh() throws IOException, InterruptedException {
    for (var round = 0; round < run.rounds(); round++) {
      start(round, folder(round), "a fresh folder", fresh).close();
    }
    return start(run.rounds(), folder(run.rounds()), "a fresh folder", fresh);
  }

  /** On the folder that the last fresh one has left behind. */
  Launched again() throws IOException, InterruptedException {
    for (var round = 0; round < run.rounds(); round++) {
      start(round, folder(run.rounds()), "the walk's data", again).close();
    }
    return start(run.rounds(), folder(run.rounds()), "the walk's data", again);
  }

  private Path folder(int round) {
    return run.folder().resolve("up-" + round);
  }

  private Launched start(int round, Path data, String on, Samples samples)
      throws IOException, InterruptedException {
    var up =
        Launched.start(
            List.of(launcher, "up", "--data", data.toString(), "--port", "" + run.ports().base()),
            READY);
    try {
      requireAnswer(new Elsewhere(data, run.ports(), Size.DEFAULT));
      Walk.round(
          run, round, samples, up.readySeconds(), "./slipway up on %s: %%.2f s".formatted(on));
      return up;
    } catch (IOException | InterruptedException | RuntimeException failed) {
      up.abandon();
      throw failed;
    }
  }

  /** Ready is who answers: a first call of the two services that people talk to must succeed. */
  private static void requireAnswer(Elsewhere installation)
      throws IOException, InterruptedException {
    new Api(installation.queue(), installation.adminToken()).get("/api/v1/apps");
    new Api(installation.console(), installation.adminToken()).get("/api/v1/deployments");
  }

  /** The figure is the worse of the two kinds. */
  void report() {
    var worse = fresh.median() > again.median() ? fresh : again;
    run.results().figure("walk.up_ready_s", worse, "s", TARGET_S);
    run.results().detail("on a fresh folder", fresh, "s");
    run.results().detail("on the walk's data", again, "s");
  }
}
