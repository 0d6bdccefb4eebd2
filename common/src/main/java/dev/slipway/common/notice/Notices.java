package dev.slipway.common.notice;

import dev.slipway.common.loop.Loop;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Sends a service's notifications after its commits, from one thread and at a bounded rate:
 * PostgreSQL carries the commits of those that notify out one by one, so one a change would hold up
 * everybody. The first goes out at once; what is told meanwhile goes together. They are hints: one
 * that is lost costs its hearers the time until they look by themselves.
 */
public final class Notices implements AutoCloseable {
  /** Between two sendings: far below what anybody would notice. */
  private static final Duration GAP = Duration.ofMillis(4);

  private static final Duration IDLE = Duration.ofMinutes(1);

  private final NoticeStore store;
  private final Set<Channel> told = EnumSet.noneOf(Channel.class);
  private final Loop loop;

  /** Starts to send. */
  public Notices(NoticeStore store, MeterRegistry meters) {
    this.store = store;
    this.loop = new Loop("notices-out", IDLE, this::runOnce, meters).start();
  }

  /**
   * Something changed and is committed, or will be by this thread's transaction. Returns at once.
   */
  public void tell(Channel channel) {
    if (TransactionSynchronizationManager.isSynchronizationActive()) {
      TransactionSynchronizationManager.registerSynchronization(
          new TransactionSynchronization() {
            @Override
            public void afterCommit() {
              tellNow(channel);
            }
          });
    } else {
      tellNow(channel);
    }
  }

  private void tellNow(Channel channel) {
    synchronized (told) {
      if (!told.add(channel)) {
        return;
      }
    }
    loop.wake();
  }

  boolean runOnce() throws InterruptedException {
    Set<Channel> now;
    synchronized (told) {
      now = EnumSet.copyOf(told);
      told.clear();
    }
    if (now.isEmpty()) {
      return false;
    }
    store.send(now);
    Thread.sleep(GAP);
    return true;
  }

  @Override
  public void close() {
    loop.close();
  }
}
