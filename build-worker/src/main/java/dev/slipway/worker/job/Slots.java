package dev.slipway.worker.job;

import dev.slipway.common.job.Claim;
import dev.slipway.common.job.Pool;
import dev.slipway.common.loop.Loop;
import dev.slipway.worker.job.SlotStore.Claimed;
import dev.slipway.worker.job.SlotStore.Turn;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;

/**
 * A worker's slots, each of which works on one job at a time. One thread speaks for all of them
 * with the queue: results that wait go in and jobs for all free slots come out in one statement. No
 * job is claimed ahead of a free slot.
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
  private final SlotStore store;
  private final BooleanSupplier room;
  private final Work work;
  private final List<Pool> pools;
  private final Marks marks;
  private final Loop loop;
  private final Timer waits;
  private final Stagger stagger = new Stagger();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition slotFreed = lock.newCondition();
  private final Map<Claim, Slot> busy = new HashMap<>();
  private List<Result> results = new ArrayList<>();
  private boolean draining;
  private boolean strays;
  private volatile boolean hinted;

  /**
   * Who takes jobs.
   *
   * @param worker the name of this process alone: a second one of that name would share its claims
   * @param slots how many jobs at a time, 1 to 1,000
   * @param labels what it can build besides jobs without labels
   */
  public record Identity(String worker, int slots, Pool labels) {}

  /** What a slot does with a job; runs on a thread of its own, which is interrupted to end it. */
  public interface Work {
    void on(ClaimedJob job, Hold hold, Slots slots);
  }

  private record Slot(Thread thread, Hold hold) {}

  private record Result(Finished finished, CompletableFuture<Boolean> accepted) {}

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
    this.store = store;
    this.room = room;
    this.work = work;
    this.pools = identity.labels().served();
    this.marks = new Marks(clock);
    this.loop = new Loop("slots", POLL, this::runOnce, meters);
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
    hinted = true;
    loop.wake();
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
      var slot = busy.get(claim);
      if (slot != null) {
        slot.hold.end(how);
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
    var result = new Result(finished, new CompletableFuture<>());
    lock.lockInterruptibly();
    try {
      results.add(result);
    } finally {
      lock.unlock();
    }
    loop.wake();
    try {
      return result.accepted.get();
    } catch (InterruptedException stopped) {
      if (withdraw(result)) {
        throw stopped;
      }
      // it is being written: what comes of it is to be known
      var accepted = result.accepted.join();
      Thread.currentThread().interrupt();
      return accepted;
    } catch (ExecutionException | CancellationException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private boolean withdraw(Result result) {
    lock.lock();
    try {
      return results.remove(result);
    } finally {
      lock.unlock();
    }
  }

  /** One turn: everything that waits goes in, and every free slot gets a job if there is one. */
  boolean runOnce() throws InterruptedException {
    var afterHint = hinted;
    hinted = false;
    if (afterHint && holds().isEmpty()) {
      Thread.sleep(stagger.hesitation());
    }
    var written = takeResults();
    try {
      if (strays) {
        var released = store.releaseStrays(identity.worker(), jobs(holds()));
        strays = false;
        if (released > 0) {
          log.warn("{} claims whose answers were lost were given back", released);
        }
      }
      var claimed = turn(written);
      if (afterHint) {
        stagger.looked(claimed > 0);
      }
      return false;
    } catch (RuntimeException fault) {
      // whether it was carried out is not known
      strays = true;
      putBack(written);
      log.warn(
          "The queue could not be reached and is tried again: {}",
          NestedExceptionUtils.getMostSpecificCause(fault).toString());
      Thread.sleep(ThreadLocalRandom.current().nextLong(PAUSE_MILLIS / 2, 2 * PAUSE_MILLIS));
      return true;
    }
  }

  private int turn(List<Result> written) {
    var free = free(written);
    if (written.isEmpty() && free == 0) {
      return 0;
    }
    var left = free;
    var open = written;
    for (var pool : lines(free)) {
      if (left > 0 || !open.isEmpty()) {
        left -= exchange(pool, open, left);
        open = List.of();
      }
    }
    if (!open.isEmpty()) {
      exchange(Pool.ANY, open, 0);
    }
    return free - left;
  }

  /** The lines to look at, the one with the oldest job first. */
  private List<Pool> lines(int free) {
    if (free == 0) {
      return List.of();
    }
    return pools.size() == 1 ? pools : store.waiting(pools);
  }

  private int exchange(Pool pool, List<Result> written, int free) {
    var mark = marks.of(pool);
    var turn = store.exchange(identity.worker(), pool, mark, finished(written), free);
    answer(written, turn);
    begin(turn.claimed());
    var claimed = turn.claimed().size();
    if (claimed > 0) {
      marks.move(pool, turn.claimed().getLast().place());
    }
    if (claimed < free && !mark.equals(Mark.START)) {
      marks.forget(pool);
      return claimed + exchange(pool, List.of(), free - claimed);
    }
    return claimed;
  }

  private void answer(List<Result> written, Turn turn) {
    var unknown =
        written.stream()
            .map(result -> result.finished.claim())
            .filter(claim -> !turn.accepted().contains(claim.job()))
            .toList();
    var before =
        unknown.isEmpty() ? Set.<Long>of() : store.acceptedBefore(identity.worker(), unknown);
    for (var result : written) {
      free(result.finished.claim());
      var job = result.finished.claim().job();
      result.accepted.complete(turn.accepted().contains(job) || before.contains(job));
    }
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

  private static List<Finished> finished(List<Result> results) {
    return results.stream().map(Result::finished).toList();
  }

  private static Set<Long> jobs(Collection<Claim> claims) {
    var jobs = new HashSet<Long>();
    claims.forEach(claim -> jobs.add(claim.job()));
    return jobs;
  }

  private List<Result> takeResults() {
    lock.lock();
    try {
      var taken = results;
      results = new ArrayList<>();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  private void putBack(List<Result> taken) {
    lock.lock();
    try {
      taken.stream().filter(result -> !result.accepted.isDone()).forEach(results::add);
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

  private void begin(List<Claimed> claimed) {
    for (var next : claimed) {
      waits.record(next.waited());
      var job = next.job();
      var hold = new Hold();
      var thread = Thread.ofVirtual().name("build-" + job.folder()).unstarted(() -> run(job, hold));
      lock.lock();
      try {
        busy.put(job.claim(), new Slot(thread, hold));
      } finally {
        lock.unlock();
      }
      thread.start();
    }
  }

  private void run(ClaimedJob job, Hold hold) {
    try (hold) {
      hold.take();
      work.on(job, hold, this);
    } catch (RuntimeException | Error fault) {
      log.error("The work on build {} ended badly; the reaper will find it", job.claim(), fault);
    } finally {
      free(job.claim());
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
        busy.values().forEach(slot -> slot.thread.interrupt());
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
