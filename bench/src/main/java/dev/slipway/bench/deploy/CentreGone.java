package dev.slipway.bench.deploy;

import java.io.IOException;
import java.util.List;

/**
 * With PostgreSQL and every deploy-service gone, a machine of each region, a regional agent, and a
 * machine in the place of another start: they run what they ran, and nobody else notices.
 */
final class CentreGone {
  private CentreGone() {}

  static void run(Scene scene) throws Exception {
    var build = scene.builds().plain();
    scene.deploy(build);
    var marks = new Marks(scene);
    scene.services().stop();
    scene.teller().tell("centre gone", "machines and a regional agent start without it");
    var crashed = List.of(scene.first().hosts().getFirst(), scene.second().hosts().getFirst());
    var replaced = scene.second().hosts().getLast();
    restart(scene, crashed, build);
    scene.second().restartAgent();
    replaced.crash();
    replaced.wipe();
    replaced.ensure();
    scene.awaitRunning(List.of(replaced), build);
    for (var host : scene.hosts()) {
      var touched = crashed.contains(host) || host.equals(replaced);
      marks.mustBeFollowedBy(host, touched ? List.of(build) : List.of());
      scene.mustRun(host, build);
    }
    scene.services().restart();
    scene.deploy(scene.builds().plain());
  }

  private static void restart(Scene scene, List<Host> hosts, long build)
      throws IOException, InterruptedException {
    for (var host : hosts) {
      host.crash();
      host.ensure();
    }
    scene.awaitRunning(hosts, build);
  }
}
