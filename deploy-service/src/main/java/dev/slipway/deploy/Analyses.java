package dev.slipway.deploy;

import dev.slipway.common.recipe.Gate.Analysis;
import dev.slipway.deploy.Finding.Kind;
import dev.slipway.deploy.prometheus.Answer;
import dev.slipway.deploy.prometheus.Prometheus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * Asks Prometheus about waves whose machines are well, beside the reconciler, so that nobody waits
 * for it while something is locked. What it said is in memory alone: who starts again asks again.
 */
final class Analyses {
  /** An older answer says nothing about now. */
  static final Duration FRESH = Duration.ofSeconds(30);

  private final DeploymentStore deployments;
  private final Prometheus prometheus;
  private final Clock clock;
  private final Map<Long, Asked> asked = new ConcurrentHashMap<>();

  Analyses(DeploymentStore deployments, Prometheus prometheus, Clock clock) {
    this.deployments = deployments;
    this.prometheus = prometheus;
    this.clock = clock;
  }

  /**
   * An answer about one wave.
   *
   * @param healthyAt since when the wave's machines were well when it was asked
   */
  private record Asked(Instant healthyAt, Answer answer, Instant at) {}

  /** Asks once about each, all at the same time. */
  boolean runOnce() {
    var due =
        deployments.movable().stream()
            .map(DeploymentStore.Movable::deployment)
            .filter(Analyses::isDue)
            .toList();
    asked.keySet().retainAll(due.stream().map(Deployment::id).collect(Collectors.toSet()));
    askAll(due);
    return false;
  }

  private static boolean isDue(Deployment deployment) {
    return deployment.plan().gate().analysis() != null && deployment.waveHealthyAt() != null;
  }

  private void askAll(List<Deployment> due) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var deployment : due) {
        threads.execute(() -> ask(deployment));
      }
    }
  }

  private void ask(Deployment deployment) {
    var query =
        Objects.requireNonNull(deployment.plan().gate().analysis())
            .query()
            .replace("{app}", deployment.app().value())
            .replace("{build}", String.valueOf(deployment.build()));
    try {
      var answer = prometheus.ask(query);
      asked.put(
          deployment.id(),
          new Asked(Objects.requireNonNull(deployment.waveHealthyAt()), answer, clock.instant()));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** What is known of the wave under way since its machines are well. */
  Finding of(Deployment deployment) {
    var analysis = deployment.plan().gate().analysis();
    if (analysis == null) {
      return Finding.GOOD;
    }
    var last = asked.get(deployment.id());
    if (last == null
        || !last.healthyAt.equals(deployment.waveHealthyAt())
        || last.at.plus(FRESH).isBefore(clock.instant())) {
      return new Finding(Kind.OPEN, "nothing is known yet");
    }
    return judge(analysis, last.answer);
  }

  private static Finding judge(Analysis analysis, Answer answer) {
    var value = answer.value();
    if (value == null) {
      return analysis.open()
          ? Finding.GOOD
          : new Finding(Kind.OPEN, String.valueOf(answer.problem()));
    }
    var min = analysis.min();
    var max = analysis.max();
    if (min != null && value < min) {
      return new Finding(Kind.BAD, "its analysis gave " + value + ", below " + min);
    }
    if (max != null && value > max) {
      return new Finding(Kind.BAD, "its analysis gave " + value + ", above " + max);
    }
    return Finding.GOOD;
  }
}
