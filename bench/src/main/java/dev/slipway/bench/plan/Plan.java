package dev.slipway.bench.plan;

import dev.slipway.bench.Program;
import dev.slipway.bench.Run;
import dev.slipway.bench.Samples;
import dev.slipway.standalone.Teller;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** Predicts what one machine cannot hold, and says how far off its predictions are. */
public final class Plan implements Program {
  private static final double MINUTE = 60;
  private static final double REPLICATE_MIN = 5;
  private static final double DEPLOY_MIN = 5;

  @Override
  public String name() {
    return "plan";
  }

  @Override
  public Duration expected(boolean quick) {
    return quick ? Duration.ofMinutes(1) : Duration.ofMinutes(3);
  }

  @Override
  public boolean hasWarmUp() {
    return false;
  }

  @Override
  public Set<String> settings() {
    return Settings.keys();
  }

  @Override
  public void run(Run run) throws Exception {
    var settings = Settings.of(run.settings());
    var measured = new Measured(file(run));
    var forecasts = new ArrayList<Forecast>();
    for (var round = 1; round <= run.rounds(); round++) {
      var forecast = Forecast.of(settings, measured, round);
      forecasts.add(forecast);
      run.teller()
          .tell(
              "seed %d/%d".formatted(round, run.rounds()),
              "%d workers, replicate %.2f min, fan-out %.2f min"
                  .formatted(
                      forecast.workers(),
                      forecast.replicate() / MINUTE,
                      forecast.fanout() / MINUTE));
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
    tell(
        run.teller(),
        settings,
        forecasts.getFirst(),
        measured.get("fanout.regions.wan_multiple_max"));
    report(run, forecasts);
  }

  private static Path file(Run run) {
    var set = run.settings().getOrDefault(Settings.MEASURED, "");
    return set.isEmpty()
        ? Path.of(System.getProperty("slipway.launcher", "slipway"))
            .resolveSibling("docs/benchmarks.md")
        : Path.of(set);
  }

  private static void tell(Teller teller, Settings settings, Forecast forecast, double multiple) {
    teller.line("");
    teller.line(
        "%d regions of %d machines in %d zones, an artifact of %s GB, %d pushes a day:"
            .formatted(
                settings.regions(),
                settings.machines(),
                settings.zones(),
                plain(settings.artifactGb()),
                settings.pushes()));
    forecast.budget().table().forEach(teller::line);
    teller.line("");
    teller.line(
        "The models against what was measured (flat24 was fitted: %.2f of a link's rate):"
            .formatted(forecast.share()));
    for (var check : forecast.checks()) {
      teller.line(
          "  %-22s predicted %7.2f  measured %7.2f  error %3.0f %%"
              .formatted(check.figure(), check.predicted(), check.measured(), check.error() * 100));
    }
    teller.line("");
    var once = Egress.of(settings, settings.artifactGb() * 1e9, multiple, forecast.crossed());
    var day =
        Egress.of(
            settings, settings.pushes() * settings.usualGb() * 1e9, multiple, forecast.crossed());
    teller.line(
        "What the network costs at %s $ a GiB between regions and %s $ between zones:"
            .formatted(plain(settings.widePrice()), plain(settings.zonePrice())));
    teller.line(cost("this artifact to all machines", once));
    teller.line(cost("a day of builds of %s GB".formatted(plain(settings.usualGb())), day));
    teller.line("");
  }

  private static String cost(String what, Egress egress) {
    return String.format(
        Locale.ROOT,
        "  %-32s %10.2f TB between regions, %10.2f TB between zones, %10.0f $",
        what,
        egress.wideBytes() / 1e12,
        egress.zoneBytes() / 1e12,
        egress.dollars());
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? "%.0f".formatted(value) : "" + value;
  }

  private static void report(Run run, List<Forecast> forecasts) {
    var results = run.results();
    results.figure("plan.fanout_min", of(forecasts, f -> f.fanout() / MINUTE), "min", DEPLOY_MIN);
    results.detail("of that bytes on their way", of(forecasts, f -> f.swarm() / MINUTE), "min");
    results.detail(
        "what a region's agent sends, in artifacts", of(forecasts, Forecast::sourceMultiple), "x");
    results.detail("of what machines get, from another zone", of(forecasts, Forecast::crossed), "");
    results.figure(
        "plan.replicate_min", of(forecasts, f -> f.replicate() / MINUTE), "min", REPLICATE_MIN);
    results.figure("plan.workers", of(forecasts, Forecast::workers), "");
    results.detail("busy, over the day", of(forecasts, Forecast::busy), "");
    results.figure("plan.slack_min", of(forecasts, f -> f.budget().slack()), "min");
    results.figure("plan.error_share", of(forecasts, Forecast::worstError), "");
    for (var stage : forecasts.getFirst().budget().over()) {
      run.teller().line("Over its budget: " + stage.name());
    }
  }

  private static Samples of(List<Forecast> forecasts, ToDoubleFunction<Forecast> value) {
    var samples = new Samples();
    forecasts.forEach(forecast -> samples.add(value.applyAsDouble(forecast)));
    return samples;
  }
}
