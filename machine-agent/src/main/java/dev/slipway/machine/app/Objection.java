package dev.slipway.machine.app;

import dev.slipway.common.machine.Assignment;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The target that this machine was last given and does not believe: said to the region, and asked
 * for again, as a signature may have run out while the centre was away. Anyone raises it, one
 * thread asks.
 */
final class Objection {
  /** What is not believed, and why. */
  record Raised(Assignment target, String reason) {}

  private final AtomicReference<@Nullable Raised> raised = new AtomicReference<>();
  private final Backoff retry = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60));
  private final Runnable askAgain;

  /**
   * @param askAgain asks the region for its targets
   */
  Objection(Runnable askAgain) {
    this.askAgain = askAgain;
  }

  /** Says whether it is news. */
  boolean raise(Assignment target, String reason) {
    var before = raised.getAndSet(new Raised(target, reason));
    return before == null || before.target().revision() != target.revision();
  }

  /** What came is believed. */
  void withdraw() {
    raised.set(null);
  }

  @Nullable Raised raised() {
    return raised.get();
  }

  /** Asks again, less and less often. */
  void tend() {
    if (raised.get() == null) {
      retry.reset();
    } else if (retry.isDue()) {
      retry.failed();
      askAgain.run();
    }
  }
}
