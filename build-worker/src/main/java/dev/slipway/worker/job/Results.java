package dev.slipway.worker.job;

import dev.slipway.common.job.Claim;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Results that wait to be written, each with a slot that waits to hear what comes of it. */
final class Results {
  private final Map<Claim, Result> waiting = new HashMap<>();

  record Result(Finished finished, CompletableFuture<Boolean> accepted) {
    Claim claim() {
      return finished.claim();
    }

    boolean isKnown() {
      return accepted.isDone();
    }
  }

  synchronized Result add(Finished finished) {
    var result = new Result(finished, new CompletableFuture<>());
    waiting.put(result.claim(), result);
    return result;
  }

  /** All that wait, to be written now. */
  synchronized List<Result> take() {
    var taken = List.copyOf(waiting.values());
    waiting.clear();
    return taken;
  }

  /** Those of which nothing became known wait again. */
  synchronized void putBack(List<Result> taken) {
    for (var result : taken) {
      if (!result.isKnown()) {
        waiting.put(result.claim(), result);
      }
    }
  }

  /** Takes a result back unless it is just being written. */
  synchronized boolean withdraw(Result result) {
    return waiting.remove(result.claim()) != null;
  }

  /** These were written. */
  static void written(List<Result> taken, Set<Long> accepted) {
    for (var result : taken) {
      result.accepted.complete(accepted.contains(result.claim().job()));
    }
  }

  /**
   * Waits until it is known whether a result is accepted.
   *
   * @throws InterruptedException when interrupted before anything was written
   */
  boolean await(Result result) throws InterruptedException {
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
}
