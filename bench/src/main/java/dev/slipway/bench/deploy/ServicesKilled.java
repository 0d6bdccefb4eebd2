package dev.slipway.bench.deploy;

import java.io.IOException;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** One after the other of two deploy-services is killed while deployments go from wave to wave. */
final class ServicesKilled {
  private static final int LONGEST_LIFE_MILLIS = 4_000;

  private final Scene scene;
  private final Random random = new Random(7);
  private int left;

  private ServicesKilled(Scene scene, int kills) {
    this.scene = scene;
    this.left = kills;
  }

  static void run(Scene scene, int kills) throws Exception {
    new ServicesKilled(scene, kills).run();
  }

  private void run() throws Exception {
    while (left > 0) {
      var build = scene.builds().inWaves();
      var deployment = scene.deployments().press(build);
      while (left > 0 && !scene.ledger().fateOf(deployment).isEnd()) {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_LIFE_MILLIS));
        killOne();
        scene.services().ensure();
      }
      scene.mustEndWell(deployment, build);
      scene
          .teller()
          .tell("kills", "deployment %d has ended, %d to come".formatted(deployment, left));
    }
    scene.services().awaitAll();
    scene
        .found()
        .must(scene.ledger().together() == 0, "deployments of one app rolled at the same time");
  }

  /** One that does something; with one that only just starts nothing can go wrong. */
  private void killOne() throws IOException, InterruptedException {
    var candidates = scene.services().listening();
    if (!candidates.isEmpty()) {
      candidates.get(random.nextInt(candidates.size())).kill();
      scene.found().serviceKilled();
      left--;
    }
  }
}
