package dev.slipway.bench.ha;

import dev.slipway.standalone.Wait;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * The primary is gone, or frozen, and its standby takes its place at once, as a failover manager
 * would have it. Services are told nothing.
 */
final class Failover {
  private static final Duration LONGEST = Duration.ofMinutes(3);

  private final Scene scene;
  private final String how;
  private long gone;
  private OptionalDouble pushed = OptionalDouble.empty();
  private OptionalDouble claimed = OptionalDouble.empty();
  private OptionalDouble moved = OptionalDouble.empty();

  private Failover(Scene scene, String how) {
    this.scene = scene;
    this.how = how;
  }

  static void run(Scene scene, boolean freeze)
      throws IOException, InterruptedException, SQLException {
    new Failover(scene, freeze ? "frozen" : "killed").run(freeze);
  }

  private void run(boolean freeze) throws IOException, InterruptedException, SQLException {
    var pair = scene.pair();
    pair.attach();
    scene.awaitPush();
    gone = System.nanoTime();
    if (freeze) {
      pair.wire().freeze();
    } else {
      pair.primary().kill();
    }
    pair.promote();
    scene.found().detail(how + ": the standby was promoted after", "s", seconds());
    awaitAll(scene.ledger().mark());
    if (freeze) {
      pair.fence();
    }
    scene.noteLongestCall(gone);
    scene.mustBeWhole();
  }

  private double seconds() {
    return (System.nanoTime() - gone) / 1e9;
  }

  /** A webhook accepted, a job claimed and a target written by the new primary. */
  private void awaitAll(Ledger.Mark before) throws IOException, InterruptedException {
    Wait.until(
        "everything to go on",
        LONGEST,
        () -> {
          var now = scene.ledger().mark();
          pushed = since(pushed, scene.traffic().tookSince(gone));
          claimed = since(claimed, !Objects.equals(now.claimed(), before.claimed()));
          moved = since(moved, !Objects.equals(now.moved(), before.moved()));
          return pushed.isPresent() && claimed.isPresent() && moved.isPresent() ? now : null;
        });
    var all = Math.max(pushed.getAsDouble(), Math.max(claimed.getAsDouble(), moved.getAsDouble()));
    scene.found().failedOver(how.equals("frozen"), all);
    scene.found().detail(how + ": a webhook was accepted after", "s", pushed.getAsDouble());
    scene.found().detail(how + ": a job was claimed after", "s", claimed.getAsDouble());
    scene.found().detail(how + ": a target was written after", "s", moved.getAsDouble());
    scene
        .teller()
        .tell(
            how,
            "webhooks after %.1f s, claims after %.1f s, targets after %.1f s"
                .formatted(pushed.getAsDouble(), claimed.getAsDouble(), moved.getAsDouble()));
  }

  private OptionalDouble since(OptionalDouble known, boolean holds) {
    return known.isEmpty() && holds ? OptionalDouble.of(seconds()) : known;
  }
}
