package dev.slipway.region.machine;

import dev.slipway.common.loop.Changes;
import dev.slipway.common.machine.Limits;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.machine.Poll;
import dev.slipway.common.machine.PollAnswer;
import dev.slipway.region.target.TargetCache;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Holds a machine's poll until there is something for it. A thread that sleeps is all a waiting
 * machine costs.
 */
public final class LongPoll {
  private static final int SHORTEST_RETRY = 2;
  private static final int LONGEST_RETRY = 30;

  /** Of machines that come back, in a second, when all have lost their agent at once. */
  private static final int RETURNS = 500;

  private final TargetCache targets;
  private final Changes changes;
  private final Assignments assignments;
  private final Fleet fleet;
  private final Limits limits;
  private volatile boolean open = true;

  /**
   * @param changes signalled when the targets change
   * @param limits of each machine
   */
  public LongPoll(
      TargetCache targets, Changes changes, Assignments assignments, Fleet fleet, Limits limits) {
    this.targets = targets;
    this.changes = changes;
    this.assignments = assignments;
    this.fleet = fleet;
    this.limits = limits;
  }

  /**
   * Answers as soon as there is something to run or to have ahead, else when most of the time that
   * the machine waits is up: those whom one target has woken together do not come together again.
   */
  PollAnswer answer(MachineId machine, Poll poll) throws InterruptedException {
    var wait = Duration.ofSeconds(Math.clamp(poll.waitSeconds(), 0, Poll.LONGEST_WAIT));
    var least = wait.toNanos() * 2 / 3;
    var end = System.nanoTime() + ThreadLocalRandom.current().nextLong(least, wait.toNanos() + 1);
    while (true) {
      var seen = changes.count();
      var snapshot = targets.snapshot();
      var found = assignments.of(machine, poll, snapshot);
      var ahead = assignments.ahead(machine, poll, snapshot);
      var left = end - System.nanoTime();
      if (!found.isEmpty() || !ahead.isEmpty() || left <= 0 || !open) {
        // a second agent of the region may be behind the one that the machine asked before
        var revision = Math.max(poll.after(), snapshot.revision());
        return new PollAnswer(revision, found, retrySeconds(), ahead, limits);
      }
      changes.awaitAbove(seen, Duration.ofNanos(left));
    }
  }

  /** A machine waits for half of it at least, so that all of them return over as many seconds. */
  private int retrySeconds() {
    return Math.clamp(fleet.size() / RETURNS, SHORTEST_RETRY, LONGEST_RETRY);
  }

  /** Answers everybody who waits, and nobody waits from now on: so that a stop is short. */
  public void close() {
    open = false;
    changes.signal();
  }
}
