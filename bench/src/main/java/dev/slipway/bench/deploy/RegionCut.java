package dev.slipway.bench.deploy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A region that hears nothing for three deployments goes straight to the last of them. */
final class RegionCut {
  private static final int PASSED = 3;

  private RegionCut() {}

  static void run(Scene scene) throws Exception {
    var region = scene.second();
    var marks = new Marks(scene);
    region.cut();
    var deployments = new ArrayList<Long>();
    var build = 0L;
    for (var n = 0; n < PASSED; n++) {
      build = scene.builds().plain();
      deployments.add(scene.deployments().press(build));
      scene.awaitRunning(scene.first().hosts(), build);
    }
    scene.teller().tell("region cut", PASSED + " deployments have passed it");
    mustBeFollowedBy(marks, region, List.of());
    region.heal();
    scene.mustEndWell(deployments.removeLast(), build);
    mustBeFollowedBy(marks, region, List.of(build));
    for (var passed : deployments) {
      var fate = scene.ledger().fateOf(passed);
      scene
          .found()
          .must(fate.status().equals("SUPERSEDED"), "deployment " + passed + " ended as " + fate);
    }
  }

  private static void mustBeFollowedBy(Marks marks, Region region, List<Long> builds)
      throws IOException {
    for (var host : region.hosts()) {
      marks.mustBeFollowedBy(host, builds);
    }
  }
}
