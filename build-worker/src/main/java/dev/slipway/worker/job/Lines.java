package dev.slipway.worker.job;

import dev.slipway.common.job.Claim;
import dev.slipway.common.job.Pool;
import dev.slipway.worker.job.SlotStore.Turn;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lines in which a worker's jobs wait, one for each set of labels that it serves, and how far
 * it has come in each. For one thread.
 */
final class Lines {
  private static final Logger log = LoggerFactory.getLogger(Lines.class);

  private final String worker;
  private final List<Pool> pools;
  private final SlotStore store;
  private final Marks marks;

  /**
   * Whether the answer to a turn was lost, so that jobs may be the worker's without its knowing.
   */
  private boolean unsure;

  Lines(String worker, Pool labels, SlotStore store, Clock clock) {
    this.worker = worker;
    this.pools = labels.served();
    this.store = store;
    this.marks = new Marks(clock);
  }

  /**
   * Hands results in and claims what has waited longest. After a fault it is not known what of it
   * was carried out; the next turn finds out.
   *
   * @param free how many jobs to claim at most
   * @param holds all jobs that the worker knows to be its own
   * @param heard gets each answer, one for each line that was looked at; results are in the first
   */
  void turn(List<Finished> finished, int free, Supplier<Set<Claim>> holds, Consumer<Turn> heard) {
    if (unsure) {
      releaseStrays(holds.get());
    }
    unsure = true;
    var left = free;
    var open = finished;
    for (var pool : lines(free)) {
      if (left > 0 || !open.isEmpty()) {
        left -= exchange(pool, open, left, heard);
        open = List.of();
      }
    }
    if (!open.isEmpty()) {
      exchange(Pool.ANY, open, 0, heard);
    }
    unsure = false;
  }

  private void releaseStrays(Set<Claim> holds) {
    var released = store.releaseStrays(worker, holds.stream().map(Claim::job).toList());
    if (released > 0) {
      log.warn("{} claims whose answers were lost were given back", released);
    }
  }

  /** The lines to look at, the one with the oldest job first. */
  private List<Pool> lines(int free) {
    if (free == 0) {
      return List.of();
    }
    return pools.size() == 1 ? pools : store.waiting(pools);
  }

  private int exchange(Pool pool, List<Finished> finished, int free, Consumer<Turn> heard) {
    var mark = marks.of(pool);
    var turn = settled(finished, store.exchange(worker, pool, mark, finished, free));
    heard.accept(turn);
    var claimed = turn.claimed().size();
    if (claimed > 0) {
      marks.move(pool, turn.claimed().getLast().place());
    }
    if (claimed < free && !mark.equals(Mark.START)) {
      marks.forget(pool);
      return claimed + exchange(pool, List.of(), free - claimed, heard);
    }
    return claimed;
  }

  /** With those results that were accepted before, by a turn whose answer was lost. */
  private Turn settled(List<Finished> finished, Turn turn) {
    var unknown =
        finished.stream()
            .map(Finished::claim)
            .filter(claim -> !turn.accepted().contains(claim.job()))
            .toList();
    if (unknown.isEmpty()) {
      return turn;
    }
    var accepted = new HashSet<>(turn.accepted());
    accepted.addAll(store.acceptedBefore(worker, unknown));
    return new Turn(accepted, turn.claimed());
  }
}
