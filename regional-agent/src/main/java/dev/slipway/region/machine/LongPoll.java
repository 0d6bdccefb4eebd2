package dev.slipway.region.machine;

import dev.slipway.common.loop.Changes;
import dev.slipway.common.loop.Loop;
import dev.slipway.common.machine.Limits;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.machine.Poll;
import dev.slipway.common.machine.PollAnswer;
import dev.slipway.region.target.TargetCache;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.springframework.web.context.request.async.DeferredResult;

/**
 * Holds a machine's poll until there is something for it. A machine that waits costs its connection
 * and no thread: one pass answers all whom a change concerns.
 */
public final class LongPoll implements Loop.Pass {
  private static final int SHORTEST_RETRY = 2;
  private static final int LONGEST_RETRY = 30;

  /** Of machines that come back, in a second, when all have lost their agent at once. */
  private static final int RETURNS = 500;

  /** Of a pass that sees no change. */
  private static final Duration LONGEST_PASS = Duration.ofMinutes(1);

  /** A poll that is not answered yet; no two are the same. */
  private static final class Waiting {
    final MachineId machine;
    final Poll poll;
    final long epoch;
    final DeferredResult<PollAnswer> result;

    Waiting(MachineId machine, Poll poll, long epoch, long millis) {
      this.machine = machine;
      this.poll = poll;
      this.epoch = epoch;
      this.result = new DeferredResult<>(millis);
    }
  }

  private final TargetCache targets;
  private final Changes changes;
  private final Assignments assignments;
  private final Fleet fleet;
  private final Limits limits;
  private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
  private volatile boolean open = true;
  private long seen;

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
   * One that is revoked while it waits is refused.
   *
   * @param epoch of the machine's credential
   */
  DeferredResult<PollAnswer> answer(MachineId machine, Poll poll, long epoch) {
    var wait = Math.clamp(poll.waitSeconds(), 0, Poll.LONGEST_WAIT);
    var most = TimeUnit.SECONDS.toMillis(wait);
    var one =
        new Waiting(
            machine, poll, epoch, ThreadLocalRandom.current().nextLong(most * 2 / 3, most + 1));
    if (wait == 0) {
      end(one, now(one));
      return one.result;
    }
    one.result.onTimeout(() -> end(one, now(one)));
    one.result.onCompletion(() -> waiting.remove(one));
    // before it is looked at, so that a change is seen here or by the pass
    waiting.add(one);
    answerIfThereIsNews(one);
    return one.result;
  }

  /** Waits for a change and answers those whom it concerns. */
  @Override
  public boolean runOnce() throws InterruptedException {
    changes.awaitAbove(seen, LONGEST_PASS);
    seen = changes.count();
    waiting.forEach(this::answerIfThereIsNews);
    return true;
  }

  private void answerIfThereIsNews(Waiting one) {
    var answer = now(one);
    if (!answer.assignments().isEmpty() || !answer.ahead().isEmpty() || isRevoked(one) || !open) {
      waiting.remove(one);
      end(one, answer);
    }
  }

  private void end(Waiting one, PollAnswer answer) {
    if (isRevoked(one)) {
      one.result.setErrorResult(Revocations.refused());
    } else {
      one.result.setResult(answer);
    }
  }

  private boolean isRevoked(Waiting one) {
    return targets.snapshot().epochOf(one.machine) > one.epoch;
  }

  private PollAnswer now(Waiting one) {
    var snapshot = targets.snapshot();
    // a second agent of the region may be behind the one that the machine asked before
    return new PollAnswer(
        Math.max(one.poll.after(), snapshot.revision()),
        assignments.of(one.machine, one.poll, snapshot),
        retrySeconds(),
        assignments.ahead(one.machine, one.poll, snapshot),
        limits);
  }

  /** A machine waits for half of it at least, so that all of them return over as many seconds. */
  private int retrySeconds() {
    return Math.clamp(fleet.size() / RETURNS, SHORTEST_RETRY, LONGEST_RETRY);
  }

  /** Answers everybody who waits, and nobody waits from now on: so that a stop is short. */
  public void close() {
    open = false;
    waiting.forEach(this::answerIfThereIsNews);
  }
}
