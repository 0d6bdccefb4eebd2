package dev.slipway.bench.ha;

import dev.slipway.standalone.Teller;
import dev.slipway.standalone.Wait;
import java.io.IOException;
import java.time.Duration;

/**
 * What the parts of the drill work with.
 *
 * @param region the one with two agents
 * @param far one whose way to the centre can be long
 */
record Scene(
    Pair pair,
    Centre centre,
    Region region,
    Region far,
    Traffic traffic,
    Ledger ledger,
    Found found,
    Teller teller) {
  private static final Duration LONGEST = Duration.ofMinutes(3);

  /** Waits until a push is taken that is told of from now on. */
  void awaitPush() throws IOException, InterruptedException {
    var now = System.nanoTime();
    Wait.until("a push", LONGEST, () -> traffic.tookSince(now) ? traffic : null);
  }

  /** How many machines there are in all. */
  int machines() {
    return region.machines() + far.machines();
  }

  /** Every service is still the process that was started. */
  void mustBeWhole() {
    found.must(centre.isWhole() && region.isWhole() && far.isWhole(), "a process has ended");
  }

  /** Notes how long a call took since a moment, at most. */
  void noteLongestCall(long since) {
    traffic.calls().stream()
        .filter(call -> call.asked() - since >= 0)
        .mapToDouble(Traffic.Call::seconds)
        .max()
        .ifPresent(found::longestCall);
  }
}
