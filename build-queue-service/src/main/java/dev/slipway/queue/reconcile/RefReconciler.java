package dev.slipway.queue.reconcile;

import dev.slipway.common.app.App;
import dev.slipway.common.app.AppName;
import dev.slipway.common.app.AppRepository;
import dev.slipway.common.job.JobRepository;
import dev.slipway.queue.push.Candidate;
import dev.slipway.queue.push.Enqueuer;
import dev.slipway.queue.push.FoundBy;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares each app's branch with what was built: forges lose deliveries, and so may we while the
 * database is away.
 */
public final class RefReconciler {
  private static final Logger log = LoggerFactory.getLogger(RefReconciler.class);
  private static final int PARALLEL = 4;

  private final AppRepository apps;
  private final JobRepository jobs;
  private final RemoteHeads heads;
  private final Enqueuer enqueuer;
  private final MeterRegistry meters;

  public RefReconciler(
      AppRepository apps,
      JobRepository jobs,
      RemoteHeads heads,
      Enqueuer enqueuer,
      MeterRegistry meters) {
    this.apps = apps;
    this.jobs = jobs;
    this.heads = heads;
    this.enqueuer = enqueuer;
    this.meters = meters;
  }

  /**
   * Looks at every app once; one that fails does not stop the others.
   *
   * @return false: there is nothing to look at again at once
   */
  public boolean runOnce() throws InterruptedException {
    var threads = Executors.newFixedThreadPool(PARALLEL, Thread.ofVirtual().factory());
    try {
      threads.invokeAll(
          apps.findAllByOrderByName().stream()
              .<Callable<Boolean>>map(app -> () -> look(app))
              .toList());
    } finally {
      threads.shutdownNow();
    }
    return false;
  }

  private boolean look(App app) throws InterruptedException {
    try {
      var head = heads.headOf(app.repository(), app.branch());
      if (head.isPresent() && jobs.findByAppAndCommitSha(app.name(), head.get().value()) == null) {
        enqueuer.enqueue(
            Candidate.found(
                new AppName(app.name()), head.get(), app.branch(), FoundBy.RECONCILIATION));
        count("found");
        return true;
      }
      count(head.isPresent() ? "current" : "no-branch");
    } catch (IOException | RuntimeException e) {
      count("failed");
      log.warn("The branch of {} could not be compared: {}", app.name(), e.toString());
    }
    return false;
  }

  private void count(String outcome) {
    meters.counter("slipway.reconcile.apps", "outcome", outcome).increment();
  }
}
