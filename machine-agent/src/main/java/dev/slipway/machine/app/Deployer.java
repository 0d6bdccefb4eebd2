package dev.slipway.machine.app;

import dev.slipway.common.artifact.Manifest;
import dev.slipway.common.machine.AppState;
import dev.slipway.common.machine.Assignment;
import dev.slipway.machine.artifact.Provenances;
import dev.slipway.machine.artifact.Refused;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves an app from target to target: each is brought here, activated, and then either runs or is
 * given up with its reason. Every step may be cut off by the process's death and is done again.
 */
final class Deployer {
  private static final Logger log = LoggerFactory.getLogger(Deployer.class);

  /** Who does what. */
  record Hands(
      AppFolder folder,
      Ledger ledger,
      Arrival arrival,
      Prefetcher prefetcher,
      Provenances provenances,
      Succession succession,
      Supervisor supervisor) {}

  private final Hands hands;
  private final Ledger ledger;
  private final Status status;
  private final MeterRegistry meters;
  private final Counter refusedTargets;
  private final Counter refusedReleases;

  Deployer(Hands hands, Status status, MeterRegistry meters) {
    this.hands = hands;
    this.ledger = hands.ledger();
    this.status = status;
    this.meters = meters;
    this.refusedTargets = meters.counter("slipway.machine.targets.refused");
    this.refusedReleases = meters.counter("slipway.machine.releases.refused");
  }

  /**
   * Takes an assignment; the target's revision only ever grows. By other labels than before a
   * machine may have another release by the same target.
   */
  void take(Assignment newest) throws IOException, InterruptedException {
    var memory = ledger.memory();
    if (isNews(newest, memory)) {
      hands.arrival().giveUp();
      status.begin();
      var superseded = memory.pending();
      if (superseded != null && superseded.release().build() != newest.release().build()) {
        hands.supervisor().end(superseded.release().build());
      }
      ledger.aim(newest);
      // before anything that may take long
      beginArrival();
    } else if (newest.revision() == memory.revision() && memory.pending() != null) {
      // the region serves it elsewhere now: the next try goes there
      ledger.aim(newest);
    } else if (newest.revision() < memory.revision()) {
      refusedTargets.increment();
    }
  }

  private static boolean isNews(Assignment newest, AppMemory memory) {
    var target = memory.target();
    return newest.revision() > memory.revision()
        || (target != null
            && newest.revision() == target.revision()
            && !newest.release().equals(target.release()));
  }

  private void beginArrival() throws IOException, InterruptedException {
    var target = ledger.memory().pending();
    if (target == null) {
      return;
    }
    var begun = hands.prefetcher().handOver(target);
    if (begun.isPresent()) {
      hands.arrival().adopt(begun.get());
    } else if (hands.folder().manifest(target.release().build()).isEmpty()) {
      hands.arrival().begin(target);
    }
    hands.prefetcher().stop();
  }

  /**
   * Does what can be done for the target now.
   *
   * @param tell tells the region, before what may take long
   */
  void advance(Runnable tell) throws IOException, InterruptedException, Superseded {
    var target = ledger.memory().pending();
    if (target == null) {
      return;
    }
    try (var _ = target.inLogs()) {
      advance(target, tell);
    }
  }

  private void advance(Assignment target, Runnable tell)
      throws IOException, InterruptedException, Superseded {
    try {
      if (!hands.arrival().isUnderWay(target)) {
        goOn(target, tell);
      }
    } catch (Refused refused) {
      refusedReleases.increment();
      hands.supervisor().end(target.release().build());
      fail(target, String.valueOf(refused.getMessage()));
    }
  }

  private void goOn(Assignment target, Runnable tell)
      throws IOException, InterruptedException, Superseded, Refused {
    var manifest = hands.folder().manifest(target.release().build());
    if (manifest.isEmpty()) {
      hands.arrival().begin(target);
    } else if (manifest.get().sha256().equals(target.release().sha256())) {
      activate(target, manifest.get(), tell);
    } else {
      fail(target, "build %d is here with another sha256".formatted(target.release().build()));
    }
  }

  private void activate(Assignment target, Manifest manifest, Runnable tell)
      throws IOException, InterruptedException, Superseded, Refused {
    hands.folder().requireRoom();
    // it may have come long ago: who is trusted now counts
    hands.provenances().judge(manifest, hands.folder().sworn(manifest.job()));
    status.enter(AppState.ACTIVATING);
    status.suffers(null);
    tell.run();
    status.runs(null);
    var reason = hands.succession().to(manifest);
    if (reason.isPresent()) {
      fail(target, reason.get());
      return;
    }
    hands.supervisor().succeeded(manifest.job());
    ledger.succeeded();
    count("running");
    log.info("{} runs build {}", target.app(), manifest.job());
  }

  private void fail(Assignment target, String reason) throws IOException {
    log.warn("{} cannot run build {}: {}", target.app(), target.release().build(), reason);
    ledger.failed(target, reason);
    count("failed");
    hands.supervisor().goBack();
  }

  private void count(String outcome) {
    meters.counter("slipway.machine.activations", "outcome", outcome).increment();
  }
}
