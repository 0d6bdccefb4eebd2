package dev.slipway.standalone;

import dev.slipway.common.app.AppName;
import dev.slipway.common.machine.AppReport;
import dev.slipway.common.machine.Labels;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.machine.MachineReport;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.target.FleetReport;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;

/**
 * Machines that are there for one app and only in what their regions say. They are heard of again
 * and again, so that none falls silent however long a test takes.
 */
@NullMarked
final class Crowd implements AutoCloseable {
  private static final int SECONDS = 15;

  private final TestInstallation installation;
  private final AppName app;
  private final int aRegion;
  private final ScheduledExecutorService voice = Executors.newSingleThreadScheduledExecutor();
  private final Future<?> repeats;
  private volatile Word word = (machine, revision) -> List.of();

  /** What a machine says of its app, by its number and the revision of its region's target. */
  @FunctionalInterface
  interface Word {
    List<AppReport> of(int machine, long revision);
  }

  Crowd(TestInstallation installation, AppName app, int aRegion) throws Exception {
    this.installation = installation;
    this.app = app;
    this.aRegion = aRegion;
    reportAll();
    repeats = voice.scheduleWithFixedDelay(this::repeat, SECONDS, SECONDS, TimeUnit.SECONDS);
  }

  /** From now on they say this. */
  void say(Word next) throws Exception {
    word = next;
    voice.submit(this::reportAll).get();
  }

  private void repeat() {
    try {
      reportAll();
    } catch (IllegalStateException lost) {
      // it is said again
    }
  }

  private void reportAll() {
    try {
      for (var region : installation.standalone().size().regions()) {
        report(region);
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void report(RegionName region) throws IOException, InterruptedException {
    var token = installation.standalone().data().resolve("keys").resolve("region-" + region);
    var api = new Api(installation.standalone().console(), Files.readString(token).strip());
    var revision =
        Journey.each(api.get("/api/v1/targets?region=" + region).path("targets"))
            .filter(target -> target.path("app").asString().equals(app.value()))
            .mapToLong(target -> target.path("revision").asLong())
            .findFirst()
            .orElse(0);
    for (var from = 0; from < aRegion; from += FleetReport.MOST) {
      var machines =
          IntStream.range(from, Math.min(aRegion, from + FleetReport.MOST))
              .mapToObj(machine ->
                  new MachineReport(
                      new MachineId("%s-%s-%04d".formatted(region, app, machine)),
                      "zone-a",
                      List.of(app),
                      Labels.NONE,
                      0,
                      0,
                      0,
                      word.of(machine, revision)))
              .toList();
      api.post("/api/v1/regions/" + region + "/reports", new FleetReport(machines));
    }
  }

  @Override
  public void close() {
    repeats.cancel(true);
    voice.shutdownNow();
  }
}
