package dev.slipway.bench.deploy;

import dev.slipway.standalone.Wait;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A build that is bad fails in its first wave: nobody else ever sees it, and that wave goes back.
 */
final class BadBuild {
  private static final double LONGEST_BACK_SECONDS = 10;

  private BadBuild() {}

  static void run(Scene scene) throws Exception {
    var good = scene.builds().plain();
    scene.deploy(good);
    runWith(scene, good, scene.builds().thatEnds());
    runWith(scene, good, scene.builds().thatIsNeverWell());
  }

  private static void runWith(Scene scene, long good, long bad)
      throws IOException, InterruptedException {
    var failed = scene.deployments().press(bad);
    var fate = scene.deployments().awaitEnd(failed);
    var verdict = System.nanoTime();
    var found = scene.found();
    found.must(fate.status().equals("FAILED"), "a bad build ended as " + fate);
    var wave = scene.first().firstHalf();
    scene.awaitRunning(wave, good);
    var seconds = (System.nanoTime() - verdict) / 1e9;
    found.wasBackAfter(seconds);
    found.must(
        seconds <= LONGEST_BACK_SECONDS,
        "a bad build's wave was back after %.1f s".formatted(seconds));
    scene
        .teller()
        .tell("bad build", "its wave was back %.2f s after the verdict".formatted(seconds));
    mustBeUnseen(scene, bad, wave);
    mustSettle(scene, good, failed);
  }

  private static void mustBeUnseen(Scene scene, long bad, List<Host> wave) throws IOException {
    var saw = new ArrayList<Host>();
    for (var host : scene.hosts()) {
      if (host.hasStarted(bad) || host.knows(bad)) {
        saw.add(host);
      }
    }
    scene.found().must(!saw.isEmpty(), "nobody tried the bad build");
    saw.removeAll(wave);
    scene
        .found()
        .must(saw.isEmpty(), saw.size() + " machines of later waves have seen the bad build");
  }

  /** The way back that the failure began ends well, and auto-deploy is let in again. */
  private static void mustSettle(Scene scene, long good, long failed)
      throws IOException, InterruptedException {
    var back =
        Wait.until(
            "the way back to begin",
            () -> {
              var newest = scene.ledger().deploymentOf(good);
              return newest != null && newest > failed ? newest : null;
            });
    scene.mustEndWell(back, good);
    scene.deployments().unpin();
  }
}
