package dev.slipway.bench.deploy;

import dev.slipway.standalone.Wait;
import java.io.IOException;
import java.time.Duration;

/** How long it takes to the last machine, forth to a build that is there ahead, and back again. */
final class Pace {
  /** An app without a health address is well when it has lived that long. */
  private static final double OWN_START_SECONDS = 1;

  private static final Duration LONGEST = Duration.ofMinutes(3);

  private final Scene scene;
  private final long current;

  private Pace(Scene scene, long current) {
    this.scene = scene;
    this.current = current;
  }

  /** Times so many rounds, after one of warm-up. */
  static void run(Scene scene, int rounds) throws Exception {
    var first = scene.builds().plain();
    scene.deploy(first);
    var pace = new Pace(scene, first);
    for (var round = 0; round <= rounds; round++) {
      pace.round(round, rounds);
    }
  }

  private void round(int round, int rounds) throws Exception {
    var build = scene.builds().ahead();
    for (var host : scene.hosts()) {
      Wait.until(
          host.id() + " to have build " + build + " ahead",
          LONGEST,
          () -> host.holds(build) ? host : null);
    }
    var begun = System.nanoTime();
    var forth = scene.deployments().press(build);
    var forthSeconds = secondsUntilAllRun(build, begun);
    scene.mustEndWell(forth, build);
    begun = System.nanoTime();
    var back = scene.deployments().rollBack(current);
    var backSeconds = secondsUntilAllRun(current, begun);
    scene.mustEndWell(back, current);
    scene.deployments().unpin();
    scene
        .teller()
        .tell(
            round == 0 ? "warm-up" : "round " + round + "/" + rounds,
            "forth in %.2f s, back in %.2f s, beyond the app's own start"
                .formatted(forthSeconds, backSeconds));
    if (round > 0) {
      scene.found().timed(forthSeconds, backSeconds);
    }
  }

  private double secondsUntilAllRun(long build, long begun)
      throws IOException, InterruptedException {
    Wait.until(
        "all machines to run build " + build,
        LONGEST,
        () -> scene.ledger().running(build) == scene.hosts().size() ? scene : null);
    return (System.nanoTime() - begun) / 1e9 - OWN_START_SECONDS;
  }
}
