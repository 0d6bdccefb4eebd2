package dev.slipway.machine;

import dev.slipway.common.artifact.TrustedKeys;
import dev.slipway.common.loop.Loop;
import dev.slipway.common.machine.Assignment;
import dev.slipway.common.swarm.LibtorrentSwarm;
import dev.slipway.machine.app.AppRunner;
import dev.slipway.machine.app.HealthCheck;
import dev.slipway.machine.artifact.Artifacts;
import dev.slipway.machine.artifact.Manifests;
import dev.slipway.machine.artifact.Provenances;
import dev.slipway.machine.artifact.Swarms;
import dev.slipway.machine.region.Board;
import dev.slipway.machine.region.PollLoop;
import dev.slipway.machine.region.RegionHttp;
import dev.slipway.machine.region.SignedTargets;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * A machine's agent: asks its region what to run, and runs it. Apps live on when the agent ends and
 * are found again by the next one in the same folder.
 */
public final class MachineAgent implements AutoCloseable {
  /** Passes are good for an hour. */
  private static final Duration RENEWAL = Duration.ofMinutes(15);

  private final FolderLock lock;
  private final RegionHttp http;
  private final HealthCheck health = new HealthCheck();
  private final Swarms swarms;
  private final Artifacts artifacts;
  private final Apps apps;
  private final PollLoop polls;
  private final Loop passes;
  private boolean closed;

  /**
   * Takes the folder and looks at what is there; nothing runs yet.
   *
   * @param meters gets {@code slipway.machine.*}
   * @throws UncheckedIOException when the folder cannot be used, or another agent uses it
   * @throws dev.slipway.common.problem.InvalidInput when a trusted key is none
   */
  public MachineAgent(MachineConfig config, Clock clock, MeterRegistry meters) {
    this(config, clock, meters, swarms(config, meters));
  }

  MachineAgent(MachineConfig config, Clock clock, MeterRegistry meters, Swarms swarms) {
    var trusted = new TrustedKeys(config.trustedKeys());
    var folder = config.dir();
    this.swarms = swarms;
    this.http = new RegionHttp(config.token(), meters);
    try {
      Files.createDirectories(folder.resolve("apps"));
      Files.createDirectories(folder.resolve("artifacts"));
      this.lock = FolderLock.of(folder);
      var board = new Board();
      this.artifacts =
          new Artifacts(
              folder.resolve("artifacts"), swarms, http, config.zone(), config.token(), meters);
      this.apps =
          new Apps(
              config,
              new AppRunner.Machine(
                  new Manifests(http, trusted),
                  provenances(config, trusted, meters),
                  artifacts,
                  health,
                  board,
                  this::askAgain,
                  config.keepReleases(),
                  meters),
              objections(config, clock));
      artifacts.sweep();
      this.passes = new Loop("passes-" + config.id(), RENEWAL, this::renewPasses, meters);
      this.polls =
          new PollLoop(
              new PollLoop.Self(
                  config.id(),
                  config.zone(),
                  config.labels(),
                  config.anyApp() == null
                      ? config.apps().stream().map(HostedApp::name).toList()
                      : java.util.List.of()),
              config.regionalAgents(),
              http,
              board,
              apps,
              clock,
              meters);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Provenances provenances(MachineConfig config, TrustedKeys trusted, MeterRegistry meters) {
    var policy = config.provenance();
    var own = policy.keys().isEmpty() ? trusted : new TrustedKeys(policy.keys());
    return new Provenances(http, own, policy, config.repositories(), meters);
  }

  /** Without target keys every target is believed. */
  private static Function<Assignment, Optional<String>> objections(
      MachineConfig config, Clock clock) {
    var region = config.region();
    if (region == null || config.targetKeys().isEmpty()) {
      return any -> Optional.empty();
    }
    var keys = new TrustedKeys(config.targetKeys());
    return new SignedTargets(config.id(), config.labels(), region, keys, clock)::objection;
  }

  private static Swarms swarms(MachineConfig config, MeterRegistry meters) {
    return new Swarms(
        LibtorrentSwarm::isAvailable,
        tls -> LibtorrentSwarm.start(config.swarmHost(), config.swarmPort(), tls).showingIn(meters),
        meters);
  }

  /** One pass of the loop by that name. */
  boolean renewPasses() throws InterruptedException {
    artifacts.renew();
    return false;
  }

  private void askAgain() {
    polls.forget();
  }

  /** Starts it; returns at once. */
  public void start() {
    apps.start();
    polls.start();
    passes.start();
    Thread.ofVirtual().name("share").start(this::share);
  }

  private void share() {
    try {
      apps.share();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops the agent and ends all of its apps, each the way its release asks for. */
  public void stopApps() {
    close();
    apps.stop();
  }

  /** Stops the agent; the apps run on. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    polls.close();
    passes.close();
    apps.close();
    swarms.close();
    http.close();
    health.close();
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
