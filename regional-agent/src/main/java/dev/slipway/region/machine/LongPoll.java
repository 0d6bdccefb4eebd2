package dev.slipway.region.machine;

import dev.slipway.common.loop.Changes;
import dev.slipway.common.machine.Limits;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.machine.Poll;
import dev.slipway.common.machine.PollAnswer;
import dev.slipway.region.target.TargetCache;
import java.time.Duration;

/**
 * Holds a machine's poll until there is something for it. A thread that sleeps is all a waiting
 * machine costs.
 */
public final class LongPoll {
  private static final int RETRY_SECONDS = 2;

  private final TargetCache targets;
  private final Changes changes;
  private final Assignments assignments;
  private final Limits limits;
  private volatile boolean open = true;

  /**
   * @param changes signalled when the targets change
   * @param limits of each machine
   */
  public LongPoll(TargetCache targets, Changes changes, Assignments assignments, Limits limits) {
    this.targets = targets;
    this.changes = changes;
    this.assignments = assignments;
    this.limits = limits;
  }

  /**
   * Answers as soon as there is something to run or to have ahead, else when the time that the
   * machine waits is up.
   */
  PollAnswer answer(MachineId machine, Poll poll) throws InterruptedException {
    var wait = Duration.ofSeconds(Math.clamp(poll.waitSeconds(), 0, Poll.LONGEST_WAIT));
    var end = System.nanoTime() + wait.toNanos();
    while (true) {
      var seen = changes.count();
      var snapshot = targets.snapshot();
      var found = assignments.of(machine, poll, snapshot);
      var ahead = assignments.ahead(machine, poll, snapshot);
      var left = end - System.nanoTime();
      if (!found.isEmpty() || !ahead.isEmpty() || left <= 0 || !open) {
        // a second agent of the region may be behind the one that the machine asked before
        var revision = Math.max(poll.after(), snapshot.revision());
        return new PollAnswer(revision, found, RETRY_SECONDS, ahead, limits);
      }
      changes.awaitAbove(seen, Duration.ofNanos(left));
    }
  }

  /** Answers everybody who waits, and nobody waits from now on: so that a stop is short. */
  public void close() {
    open = false;
    changes.signal();
  }
}
