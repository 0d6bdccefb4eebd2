package dev.slipway.worker.job;

import dev.slipway.common.job.Claim;
import dev.slipway.common.job.Pool;
import dev.slipway.common.loop.Loop;
import dev.slipway.common.trace.TraceParent;
import dev.slipway.worker.job.Results.Result;
import dev.slipway.worker.job.SlotStore.Claimed;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;

/**
 * A worker's slots, each of which works on one job at a time. One thread speaks for all of them
 * with the queue: results that wait go in and jobs for all free slots come out in one statement. No
 * job is claimed ahead of a free slot. A single slot works on that very thread, which spares it two
 * hand-overs a job.
 */
public final class Slots implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Slots.class);

  /** The longest wait for a job when no notification comes. */
  private static final Duration POLL = Duration.ofSeconds(5);

  /** Between tries while the database is away, about. */
  private static final int PAUSE_MILLIS = 500;

  /** For builds to let go of their jobs once they are told to. */
  private static final Duration LET_GO = Duration.ofSeconds(60);

  private final Identity identity;
  private final BooleanSupplier room;
  private final Work work;
  private final Lines lines;
  private final Results results = new Results();
  private final Loop loop;
  private final Timer waits;
  private final Stagger stagger = new Stagger();
  private final Queue<Runnable> own = new ArrayDeque<>();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition slotFreed = lock.newCondition();
  private final Map<Claim, Hold> busy = new HashMap<>();
  private boolean draining;
  private volatile boolean hinted;

  /**
   * Who takes jobs.
   *
   * @param worker the name of this process alone: a second one of that name would share its claims
   * @param slots how many jobs at a time, 1 to 1,000
   * @param labels what it can build besides jobs without labels
   */
  public record Identity(String worker, int slots, Pool labels) {}

  /** What a slot does with a job; its thread is interrupted to end it. */
  public interface Work {
    void on(ClaimedJob job, Hold hold, Slots slots);
  }

  /**
   * Slots that wait for {@link #start}.
   *
   * @param room whether there is room for another build, asked before each claim
   */
  public Slots(
      Identity identity,
      SlotStore store,
      BooleanSupplier room,
      Work work,
      Clock clock,
      MeterRegistry meters) {
    this.identity = identity;
    this.room = room;
    this.work = work;
    this.lines = new Lines(identity.worker(), identity.labels(), store, clock);
    // short calls of the database above all: a virtual thread does a fifth fewer of them
    this.loop = new Loop(Thread.ofPlatform().daemon(), "slots", POLL, this::runOnce, meters);
    this.waits =
        Timer.builder("slipway.queue.wait")
            .description("From a push to its claim")
            .publishPercentileHistogram()
            .minimumExpectedValue(Duration.ofMillis(5))
            .maximumExpectedValue(Duration.ofHours(2))
            .register(meters);
    Gauge.builder("slipway.worker.slots", this, slots -> slots.holds().size())
        .tag("state", "busy")
        .register(meters);
    Gauge.builder("slipway.worker.slots", this, slots -> identity.slots() - slots.holds().size())
        .tag("state", "free")
        .register(meters);
  }

  /** Begins to take jobs. */
  public Slots start() {
    loop.start();
    return this;
  }

  public Identity identity() {
    return identity;
  }

  /** Jobs may be waiting. */
  public void wake() {
    if (!hinted) {
      hinted = true;
      loop.wake();
    }
  }

  /** What the slots work on now. */
  public Set<Claim> holds() {
    lock.lock();
    try {
      return Set.copyOf(busy.keySet());
    } finally {
      lock.unlock();
    }
  }

  /** Tells the slot that works under this claim that it ended. */
  void end(Claim claim, Hold.End how) {
    lock.lock();
    try {
      var hold = busy.get(claim);
      if (hold != null) {
        hold.end(how);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether no more jobs are taken. */
  public boolean isDraining() {
    lock.lock();
    try {
      return draining;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Hands a result in and waits until it is written. While the database is away that may take long.
   *
   * @return whether it is accepted: not so when the claim no longer holds or the build was
   *     cancelled
   * @throws InterruptedException when interrupted before anything was written
   */
  public boolean finish(Finished finished) throws InterruptedException {
    var result = results.add(finished);
    if (isAlone()) {
      speakUntilKnown(result);
    } else {
      loop.wake();
    }
    return results.await(result);
  }

  /** A single slot needs nobody to speak for it: it works on the thread that does. */
  private boolean isAlone() {
    return identity.slots() == 1;
  }

  private void speakUntilKnown(Result result) throws InterruptedException {
    try {
      while (!result.isKnown()) {
        speak(false);
      }
    } catch (InterruptedException stopped) {
      results.withdraw(result);
      throw stopped;
    }
  }

  /** One turn: everything that waits goes in, and every free slot gets a job if there is one. */
  boolean runOnce() throws InterruptedException {
    var afterHint = hinted;
    if (afterHint && holds().isEmpty()) {
      Thread.sleep(stagger.hesitation());
    }
    // those that came meanwhile are answered by the same look
    hinted = false;
    var reached = speak(afterHint);
    while (!own.isEmpty()) {
      own.remove().run();
    }
    return !reached;
  }

  /** Whether the queue could be reached; if not, some time has passed. */
  private boolean speak(boolean afterHint) throws InterruptedException {
    var written = results.take();
    try {
      var claimed = turn(written);
      if (afterHint) {
        stagger.looked(claimed > 0);
      }
      return true;
    } catch (RuntimeException fault) {
      results.putBack(written);
      log.warn(
          "The queue could not be reached and is tried again: {}",
          NestedExceptionUtils.getMostSpecificCause(fault).toString());
      Thread.sleep(ThreadLocalRandom.current().nextLong(PAUSE_MILLIS / 2, 2 * PAUSE_MILLIS));
      return false;
    }
  }

  private int turn(List<Result> written) {
    var free = free(written);
    if (written.isEmpty() && free == 0) {
      return 0;
    }
    var claimed = new AtomicInteger();
    lines.turn(
        written.stream().map(Result::finished).toList(),
        free,
        this::holds,
        turn -> {
          written.stream()
              .filter(result -> !result.isKnown())
              .forEach(result -> free(result.claim()));
          Results.written(written, turn.accepted());
          turn.claimed().forEach(this::begin);
          claimed.addAndGet(turn.claimed().size());
        });
    return claimed.get();
  }

  private void free(Claim claim) {
    lock.lock();
    try {
      busy.remove(claim);
      slotFreed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** A slot whose result is being written takes its next job with it. */
  private int free(List<Result> written) {
    // it may have to be made first, which takes its time
    var hasRoom = room.getAsBoolean();
    lock.lock();
    try {
      return draining || !hasRoom ? 0 : identity.slots() - busy.size() + written.size();
    } finally {
      lock.unlock();
    }
  }

  private void begin(Claimed next) {
    waits.record(next.waited());
    var job = next.job();
    var hold = new Hold();
    lock.lock();
    try {
      busy.put(job.claim(), hold);
    } finally {
      lock.unlock();
    }
    if (isAlone()) {
      own.add(() -> run(job, hold));
    } else {
      Thread.ofVirtual().name("build-" + job.folder()).start(() -> run(job, hold));
    }
  }

  private void run(ClaimedJob job, Hold hold) {
    try (hold) {
      hold.take();
      work.on(job, hold, this);
    } catch (RuntimeException | Error fault) {
      try (var _ = TraceParent.inLogs(job.buildSpan())) {
        log.error("The work on build {} ended badly; the reaper will find it", job.claim(), fault);
      }
    } finally {
      free(job.claim());
      hold.leave();
      loop.wake();
    }
  }

  /**
   * Takes no more jobs and gives those that run the time to end; after that they are told to let
   * go, so that others build them at once.
   */
  public void drain(Duration grace) {
    lock.lock();
    try {
      draining = true;
    } finally {
      lock.unlock();
    }
    if (!awaitIdle(grace)) {
      log.info("{} builds have not ended within {} and are released", holds().size(), grace);
      lock.lock();
      try {
        busy.values().forEach(Hold::stop);
      } finally {
        lock.unlock();
      }
      if (!awaitIdle(LET_GO)) {
        log.warn("{} builds did not let go; the reaper will find them", holds().size());
      }
    }
  }

  private boolean awaitIdle(Duration time) {
    var left = time.toNanos();
    lock.lock();
    try {
      while (!busy.isEmpty() && left > 0) {
        left = slotFreed.awaitNanos(left);
      }
      return busy.isEmpty();
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Ends at once; {@link #drain} first. */
  @Override
  public void close() {
    loop.close();
  }
}
