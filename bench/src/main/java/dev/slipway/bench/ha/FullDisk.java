package dev.slipway.bench.ha;

import dev.slipway.standalone.Wait;
import java.io.IOException;
import java.time.Duration;

/**
 * The disk of one of two workers is full, then that of one of a region's two agents: each says so
 * and leaves the work to the other, and takes part again once there is room.
 */
final class FullDisk {
  private static final Duration LONGEST = Duration.ofMinutes(3);
  private static final int BUILDS = 5;

  private final Scene scene;

  private FullDisk(Scene scene) {
    this.scene = scene;
  }

  static void run(Scene scene, SmallDisk worker, SmallDisk agent)
      throws IOException, InterruptedException {
    var part = new FullDisk(scene);
    part.fillWorker(worker);
    part.fillAgent(agent);
    scene.mustBeWhole();
  }

  private void fillWorker(SmallDisk disk) throws IOException, InterruptedException {
    var worker = Centre.FIRST_WORKER;
    disk.fill();
    awaitReady(scene.centre().firstWorkerPort(), false);
    var since = scene.ledger().now();
    awaitBuilds();
    scene
        .found()
        .must(
            scene.ledger().claimedBy(worker, since) == 0,
            "a worker with a full disk took jobs all the same");
    disk.makeRoom();
    var room = System.nanoTime();
    awaitReady(scene.centre().firstWorkerPort(), true);
    // who has got jobs all the while is quicker at each one that comes alone
    var other = scene.centre().otherWorker();
    other.ask();
    Wait.until(
        worker + " to take jobs again",
        LONGEST,
        () -> scene.ledger().claimedBy(worker, since) > 0 ? worker : null);
    told("full disk: a worker takes jobs again after", room);
    Wait.until(other.name() + " to end", LONGEST, () -> other.isAlive() ? null : other);
    other.ensure();
  }

  private void fillAgent(SmallDisk disk) throws IOException, InterruptedException {
    disk.fill();
    awaitReady(scene.region().firstPort(), false);
    var full = System.nanoTime();
    awaitBuilds();
    awaitNewest();
    told("full disk: machines run what came since, by the other agent, after", full);
    disk.makeRoom();
    var room = System.nanoTime();
    awaitReady(scene.region().firstPort(), true);
    told("full disk: a regional agent is ready again after", room);
  }

  private void awaitReady(int port, boolean ready) throws IOException, InterruptedException {
    Wait.until(
        "readiness on port " + port + " to be " + ready,
        LONGEST,
        () -> Health.isReady(port) == ready ? scene : null);
  }

  private void awaitBuilds() throws IOException, InterruptedException {
    var wanted = scene.ledger().built() + BUILDS;
    Wait.until("builds", LONGEST, () -> scene.ledger().built() >= wanted ? scene : null);
  }

  private void awaitNewest() throws IOException, InterruptedException {
    var build = scene.ledger().newest();
    Wait.until(
        "all machines to run build " + build,
        LONGEST,
        () -> scene.ledger().running(build) == scene.machines() ? scene : null);
  }

  private void told(String what, long since) {
    var seconds = (System.nanoTime() - since) / 1e9;
    scene.found().detail(what, "s", seconds);
    scene.teller().tell("full disk", "%s %.1f s".formatted(what.substring(11), seconds));
  }
}
