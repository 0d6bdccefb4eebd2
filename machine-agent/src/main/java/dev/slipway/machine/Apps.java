package dev.slipway.machine;

import dev.slipway.common.app.AppName;
import dev.slipway.common.machine.Assignment;
import dev.slipway.common.machine.Limits;
import dev.slipway.common.machine.Poll;
import dev.slipway.common.machine.Prefetch;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.machine.app.AppRunner;
import dev.slipway.machine.app.Ports;
import dev.slipway.machine.artifact.Refused;
import dev.slipway.machine.region.PollLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The apps of this machine: those it was told of, and those it was given. */
final class Apps implements PollLoop.Orders {
  private static final Logger log = LoggerFactory.getLogger(Apps.class);

  private final Path folder;
  private final AppRunner.Machine machine;
  private final @Nullable Ports ports;
  private final Function<Assignment, Optional<String>> objections;
  private final Map<AppName, AppRunner> runners =
      new TreeMap<>(java.util.Comparator.comparing(AppName::value));
  private boolean closed;

  /**
   * @param objections why an assignment is not believed
   */
  Apps(
      MachineConfig config,
      AppRunner.Machine machine,
      Function<Assignment, Optional<String>> objections)
      throws IOException {
    this.objections = objections;
    this.folder = config.dir().resolve("apps");
    this.machine = machine;
    var range = config.anyApp();
    this.ports = range == null ? null : new Ports(config.dir().resolve("ports.json"), range);
    for (var app : config.apps()) {
      runners.put(app.name(), runner(app));
    }
    recoverOthers();
  }

  /** Apps that were assigned before this agent started: they run without asking the region. */
  private void recoverOthers() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      for (var path : all.toList()) {
        var name = new AppName(path.getFileName().toString());
        if (!runners.containsKey(name)) {
          if (ports == null) {
            log.warn("App {} is no longer this machine's; what runs of it is left alone", name);
          } else {
            runners.put(name, runner(new HostedApp(name, ports.of(name), Map.of())));
          }
        }
      }
    } catch (InvalidInput e) {
      throw new IOException(folder + " has a folder in it that is no app's", e);
    }
  }

  private AppRunner runner(HostedApp app) throws IOException {
    var runner = new AppRunner(app, folder.resolve(app.name().value()), machine);
    runner.recover();
    return runner;
  }

  synchronized void start() {
    runners.values().forEach(AppRunner::start);
  }

  @Override
  public void keepTo(Limits limits) {
    machine.artifacts().keepTo(limits);
  }

  /**
   * Hands an assignment that is believed to its app; a new app is taken in where any app is
   * welcome.
   */
  @Override
  public synchronized void run(Assignment assignment) {
    if (closed) {
      return;
    }
    var runner = runners.get(assignment.app());
    var objection =
        runner != null && runner.knows(assignment)
            ? Optional.<String>empty()
            : objections.apply(assignment);
    if (objection.isPresent()) {
      refuse(runner, assignment, objection.get());
      return;
    }
    if (runner == null) {
      try (var _ = assignment.inLogs()) {
        runner = takeIn(assignment.app());
      }
    }
    if (runner == null) {
      countRefused();
    } else {
      runner.offer(assignment);
    }
  }

  private void refuse(@Nullable AppRunner runner, Assignment assignment, String reason) {
    countRefused();
    if (runner == null) {
      try (var _ = assignment.inLogs()) {
        log.warn("App {} is not taken in: {}", assignment.app(), reason);
      }
    } else {
      runner.refuse(assignment, reason);
    }
  }

  private @Nullable AppRunner takeIn(AppName app) {
    if (ports == null || runners.size() >= Poll.MOST_APPS) {
      return null;
    }
    try {
      var runner = runner(new HostedApp(app, ports.of(app), Map.of())).start();
      runners.put(app, runner);
      return runner;
    } catch (IOException e) {
      log.warn("App {} cannot be taken in", app, e);
      return null;
    }
  }

  private void countRefused() {
    machine.meters().counter("slipway.machine.targets.refused").increment();
  }

  /** Hands on what to have ahead, to an app that is here already. */
  @Override
  public synchronized void haveAhead(Prefetch prefetch) {
    var runner = runners.get(prefetch.app());
    if (runner != null && !closed) {
      runner.offer(prefetch);
    }
  }

  /** Goes on sharing what is here; starts the engine where there is something. */
  void share() throws InterruptedException {
    for (var runner : all()) {
      try {
        runner.share();
      } catch (IOException | Refused e) {
        log.warn("What is here is not shared", e);
      }
    }
  }

  void close() {
    synchronized (this) {
      closed = true;
    }
    together(AppRunner::close);
  }

  void stop() {
    together(runner -> {
      try {
        runner.stopApp();
      } catch (IOException e) {
        log.warn("An app could not be stopped", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
  }

  private void together(java.util.function.Consumer<AppRunner> what) {
    var threads =
        all().stream().map(runner -> Thread.ofVirtual().start(() -> what.accept(runner))).toList();
    try {
      for (var thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized List<AppRunner> all() {
    return List.copyOf(runners.values());
  }
}
