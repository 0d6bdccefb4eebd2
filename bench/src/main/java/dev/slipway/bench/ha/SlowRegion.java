package dev.slipway.bench.ha;

import dev.slipway.bench.Samples;
import dev.slipway.standalone.Wait;
import java.io.IOException;
import java.time.Duration;

/**
 * One region is 200 ms away, there and back, and of what goes between it and the centre 2 % must be
 * sent again: it follows, later; the other region does not wait for it.
 */
final class SlowRegion {
  private static final Wire.Length FAR = new Wire.Length(Duration.ofMillis(100), 0.02);
  private static final Duration LONGEST = Duration.ofMinutes(3);

  private final Scene scene;
  private final Samples near = new Samples();
  private final Samples far = new Samples();

  private SlowRegion(Scene scene) {
    this.scene = scene;
  }

  static void run(Scene scene, int deployments) throws IOException, InterruptedException {
    scene.far().stretch(FAR);
    try {
      var part = new SlowRegion(scene);
      for (var n = 0; n < deployments; n++) {
        part.follow();
      }
      scene.found().reached(part.near, part.far);
    } finally {
      scene.far().stretch(Wire.Length.NONE);
    }
    scene.mustBeWhole();
    scene.teller().tell("far region", deployments + " deployments were followed there");
  }

  /** From a target that both regions get until each one's machines run it, or a later one. */
  private void follow() throws IOException, InterruptedException {
    var ledger = scene.ledger();
    var last = ledger.aimed();
    var build =
        Wait.until("a target", LONGEST, () -> ledger.aimed() > last ? ledger.aimed() : null);
    var begun = System.nanoTime();
    near.add(await(scene.region(), build, begun));
    far.add(await(scene.far(), build, begun));
  }

  private double await(Region region, long build, long begun)
      throws IOException, InterruptedException {
    Wait.until(
        "the machines of " + region.name() + " to run build " + build,
        LONGEST,
        () -> scene.ledger().running(region.name(), build) == region.machines() ? region : null);
    return (System.nanoTime() - begun) / 1e9;
  }
}
