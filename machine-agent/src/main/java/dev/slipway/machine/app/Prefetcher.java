package dev.slipway.machine.app;

import dev.slipway.common.machine.Assignment;
import dev.slipway.common.machine.Prefetch;
import dev.slipway.common.target.Release;
import dev.slipway.machine.artifact.NoRoomAhead;
import dev.slipway.machine.artifact.Refused;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the release here that is likely to be asked for next, at leisure: fetched, checked and
 * unpacked, so that its target only switches. It gives way to every target.
 */
final class Prefetcher {
  private static final Logger log = LoggerFactory.getLogger(Prefetcher.class);

  /** Starts one try. */
  @FunctionalInterface
  interface Start {
    Installation start(Assignment release, long bytesPerSecond);
  }

  private final Offers<Prefetch> offers = new Offers<>(Prefetch::revision);
  private final Ledger ledger;
  private final AppFolder folder;
  private final Start start;
  private final Runnable askAgain;
  private final MeterRegistry meters;
  private final Backoff retry = new Backoff(Duration.ofSeconds(2), Duration.ofMinutes(10));
  private @Nullable Prefetch wanted;
  private @Nullable Installation installation;
  private boolean refused;

  /**
   * @param askAgain asks the region where the release is now
   * @param meters get {@code slipway.machine.prefetches} by outcome: fetched, failed, refused, or
   *     skipped for want of room
   */
  Prefetcher(
      Ledger ledger, AppFolder folder, Start start, Runnable askAgain, MeterRegistry meters) {
    this.ledger = ledger;
    this.folder = folder;
    this.start = start;
    this.askAgain = askAgain;
    this.meters = meters;
  }

  /** Says what to have ahead. Anyone may; all else is for the app's thread alone. */
  void offer(Prefetch newest) {
    offers.put(newest);
  }

  /** Does what can be done now; begins nothing while there is work for a target. */
  void advance() throws IOException, InterruptedException {
    var offered = offers.peek();
    if (offered != null) {
      take(offered);
      offers.done(offered);
    }
    var next = wanted;
    if (next == null || next.release() == null) {
      return;
    }
    if (installation != null && installation.hasEnded()) {
      try (var _ = next.release().inLogs()) {
        noteEnd(next.release(), installation);
      }
      installation = null;
    }
    if (installation == null && isDue(next.release())) {
      installation = start.start(next.release(), next.bytesPerSecond());
    }
  }

  /** Takes what is newer, or the same with other addresses. */
  private void take(Prefetch offered) throws IOException, InterruptedException {
    if (wanted != null && offered.revision() < wanted.revision()) {
      return;
    }
    if (!Objects.equals(releaseOf(wanted), releaseOf(offered))) {
      stop();
      retry.reset();
      refused = false;
    } else if (installation != null) {
      installation.limit(offered.bytesPerSecond());
    }
    ledger.expect(offered.release());
    wanted = offered;
  }

  private static @Nullable Release releaseOf(@Nullable Prefetch prefetch) {
    return prefetch == null || prefetch.release() == null ? null : prefetch.release().release();
  }

  private boolean isDue(Assignment release) {
    return !refused
        && ledger.memory().pending() == null
        && !folder.holds(release.release().build())
        && retry.isDue();
  }

  private void noteEnd(Assignment release, Installation ended) throws InterruptedException {
    try {
      ended.result();
      retry.reset();
      count("fetched");
      log.info("{} has build {} ahead", release.app(), release.release().build());
    } catch (Refused e) {
      refused = true;
      failed("refused", release, e);
    } catch (NoRoomAhead e) {
      failed("skipped", release, e);
    } catch (IOException e) {
      failed("failed", release, e);
      askAgain.run();
    }
  }

  private void failed(String outcome, Assignment release, Exception reason) {
    retry.failed();
    count(outcome);
    if (retry.failures() == 1) {
      log.warn(
          "{} does not have build {} ahead: {}",
          release.app(),
          release.release().build(),
          outcome,
          reason);
    }
  }

  private void count(String outcome) {
    meters.counter("slipway.machine.prefetches", "outcome", outcome).increment();
  }

  /** Hands over what is under way, when it is the target's: it goes on, without a bound. */
  Optional<Installation> handOver(Assignment target) {
    var underWay = installation;
    if (underWay == null || !target.release().equals(releaseOf(wanted))) {
      return Optional.empty();
    }
    installation = null;
    underWay.hurry();
    return Optional.of(underWay);
  }

  /** Ends what is under way; what came stays for another try. */
  void stop() throws InterruptedException {
    if (installation != null) {
      installation.cancel();
      installation = null;
    }
  }

  /** The build that is here, whole, and that nothing has asked for yet. */
  @Nullable Long ready() {
    var memory = ledger.memory();
    var ahead = memory.ahead();
    if (ahead == null || !folder.holds(ahead.release().build())) {
      return null;
    }
    var asked =
        Stream.of(memory.target(), memory.current())
            .anyMatch(known -> known != null && known.release().equals(ahead.release()));
    return asked ? null : Long.valueOf(ahead.release().build());
  }
}
