package dev.slipway.machine.app;

import dev.slipway.common.loop.Loop;
import dev.slipway.common.machine.Assignment;
import dev.slipway.common.machine.Prefetch;
import dev.slipway.common.trace.TraceParent;
import dev.slipway.machine.HostedApp;
import dev.slipway.machine.artifact.Artifacts;
import dev.slipway.machine.artifact.Manifests;
import dev.slipway.machine.artifact.Provenances;
import dev.slipway.machine.artifact.Refused;
import dev.slipway.machine.region.Board;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves one app to what was asked for last, and keeps it running. One thread owns all of its state;
 * others only offer targets.
 */
public final class AppRunner implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AppRunner.class);
  private static final Duration TICK = Duration.ofMillis(500);

  /** Failed passes in a row after which the target counts as failed, though it is tried on. */
  private static final int PATIENT_FAILURES = 3;

  /**
   * What all apps of a machine share.
   *
   * @param keepReleases how many releases that ran each app keeps, at least 2
   */
  public record Machine(
      Manifests manifests,
      Provenances provenances,
      Artifacts artifacts,
      HealthCheck health,
      Board board,
      Runnable askAgain,
      int keepReleases,
      MeterRegistry meters) {}

  private final HostedApp app;
  private final Board board;
  private final AppFolder folder;
  private final Launcher launcher;
  private final Loop loop;
  private final Offers<Assignment> offers = new Offers<>(Assignment::revision);
  private final Status status = new Status();
  private final Ledger ledger;
  private final Arrival arrival;
  private final Prefetcher prefetcher;
  private final Supervisor supervisor;
  private final Deployer deployer;
  private final Objection objection;
  private final Counter faults;
  private int faultsInARow;

  public AppRunner(HostedApp app, Path root, Machine machine) {
    this.app = app;
    this.board = machine.board();
    this.folder = new AppFolder(root);
    this.loop = new Loop("app-" + app.name(), TICK, this::runOnce, machine.meters());
    this.ledger = new Ledger(folder, machine.artifacts(), machine.keepReleases());
    this.launcher =
        new Launcher(
            app,
            folder,
            machine.health(),
            machine.meters(),
            () -> offers.hasAbove(ledger.memory().revision()));
    var tools =
        new Installation.Tools(machine.manifests(), machine.provenances(), machine.artifacts());
    this.arrival =
        new Arrival(
            target -> Installation.of(target, folder, tools, loop::wake),
            machine.askAgain(),
            ledger::makeRoom,
            status);
    this.prefetcher =
        new Prefetcher(
            ledger,
            folder,
            (release, rate) -> Installation.ahead(release, folder, tools, rate, loop::wake),
            machine.askAgain(),
            machine.meters());
    var succession = new Succession(folder, launcher, loop::wake);
    var starts = machine.meters().counter("slipway.machine.starts", "app", app.name().value());
    this.supervisor = new Supervisor(folder, launcher, succession, status, starts);
    var hands =
        new Deployer.Hands(
            folder, ledger, arrival, prefetcher, machine.provenances(), succession, supervisor);
    this.deployer = new Deployer(hands, status, machine.meters());
    this.objection = new Objection(machine.askAgain());
    this.faults = machine.meters().counter("slipway.machine.faults", "app", app.name().value());
  }

  /** Reads what the agent before this one knew, before {@link #start}. */
  public void recover() throws IOException {
    ledger.recover();
  }

  public AppRunner start() {
    loop.start();
    return this;
  }

  /** Says what to run; only ever moves to a higher revision. */
  public void offer(Assignment newest) {
    if (newest.revision() >= ledger.memory().revision()) {
      objection.withdraw();
    }
    offers.put(newest);
    loop.wake();
  }

  /**
   * Whether an assignment says nothing new of what to run: it is the target that was acted on, or
   * one before it, which {@link #offer} passes over.
   */
  public boolean knows(Assignment assignment) {
    var target = ledger.memory().target();
    return target != null
        && (assignment.revision() < target.revision()
            || (assignment.revision() == target.revision()
                && assignment.release().equals(target.release())));
  }

  /** Says what is not run, and why: what runs goes on, and the region is asked again. */
  public void refuse(Assignment assignment, String reason) {
    if (objection.raise(assignment, reason)) {
      try (var _ = assignment.inLogs()) {
        log.warn(
            "{} is not moved to build {}: {}", app.name(), assignment.release().build(), reason);
      }
    }
    loop.wake();
  }

  /** Says what to have here before it is asked for; only ever moves to a higher revision. */
  public void offer(Prefetch newest) {
    prefetcher.offer(newest);
    loop.wake();
  }

  boolean runOnce() throws InterruptedException {
    try {
      var again = pass();
      recovered();
      return again;
    } catch (Superseded newer) {
      return true;
    } catch (IOException e) {
      fault(e);
      return false;
    } finally {
      tell();
    }
  }

  private boolean pass() throws IOException, InterruptedException, Superseded {
    LogFile.bound(folder.log());
    var newest = offers.peek();
    if (newest != null) {
      deployer.take(newest);
      offers.done(newest);
    }
    try (var _ = inLogs(ledger.memory().current())) {
      supervisor.tend(ledger.memory(), this::tell);
    }
    var unsettled = ledger.memory().pending() != null;
    deployer.advance(this::tell);
    prefetcher.advance();
    objection.tend();
    // what has just ended, well or not, is looked after at once
    return unsettled && ledger.memory().pending() == null;
  }

  /** The disk, most likely, full or broken: said once, and to the region; each tick tries again. */
  private void fault(IOException e) {
    faults.increment();
    faultsInARow++;
    status.suffers("this machine cannot go on: " + e.getMessage());
    status.stuck(faultsInARow >= PATIENT_FAILURES);
    if (faultsInARow == 1) {
      try (var _ = inLogs(wanted())) {
        log.warn("{} cannot be looked after and is tried on", app.name(), e);
      }
    }
  }

  private void recovered() {
    if (faultsInARow > 0) {
      faultsInARow = 0;
      status.stuck(false);
      try (var _ = inLogs(wanted())) {
        log.info("{} is looked after again", app.name());
      }
    }
  }

  /** What was asked for last, be it taken note of or not. */
  private @Nullable Assignment wanted() {
    var offered = offers.peek();
    return offered == null ? ledger.memory().target() : offered;
  }

  private static TraceParent.InLogs inLogs(@Nullable Assignment about) {
    return TraceParent.inLogs(about == null ? null : about.release().trace());
  }

  private void tell() {
    var refused = objection.raised();
    var ahead = prefetcher.ready();
    var kept = ledger.kept();
    var report =
        refused == null
            ? status.report(app.name(), ledger.memory(), arrival.bytesDone(), ahead, kept)
            : status.refusal(refused, ahead, kept);
    if (report != null) {
      board.put(report);
    }
  }

  /** Ends the app, for good as far as this agent goes; after {@link #close}. */
  public void stopApp() throws IOException, InterruptedException {
    try (var _ = inLogs(ledger.memory().current())) {
      launcher.stop();
    }
  }

  /** Stops looking after the app and leaves it running. */
  @Override
  public void close() {
    loop.close();
    try {
      arrival.giveUp();
      prefetcher.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Goes on sharing the artifacts that are here. */
  public void share() throws IOException, InterruptedException, Refused {
    ledger.share();
  }
}
