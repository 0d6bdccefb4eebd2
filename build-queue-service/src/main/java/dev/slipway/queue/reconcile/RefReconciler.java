package dev.slipway.queue.reconcile;

import dev.slipway.common.app.App;
import dev.slipway.common.app.AppName;
import dev.slipway.common.app.AppRepository;
import dev.slipway.common.job.JobRepository;
import dev.slipway.queue.push.Candidate;
import dev.slipway.queue.push.Enqueuer;
import dev.slipway.queue.push.FoundBy;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares each app's branch with what was built: forges lose deliveries, and so may we while the
 * database is away. Several may run it, here and in other instances: each pass takes one app that
 * is due, so a repository that does not answer holds up its own pass alone.
 */
public final class RefReconciler {
  private static final Logger log = LoggerFactory.getLogger(RefReconciler.class);

  private final AppRepository apps;
  private final JobRepository jobs;
  private final BranchLookStore looks;
  private final RemoteHeads heads;
  private final Enqueuer enqueuer;
  private final Duration interval;
  private final MeterRegistry meters;

  /**
   * @param interval between two looks at one branch
   */
  public RefReconciler(
      AppRepository apps,
      JobRepository jobs,
      BranchLookStore looks,
      RemoteHeads heads,
      Enqueuer enqueuer,
      Duration interval,
      MeterRegistry meters) {
    this.apps = apps;
    this.jobs = jobs;
    this.looks = looks;
    this.heads = heads;
    this.enqueuer = enqueuer;
    this.interval = interval;
    this.meters = meters;
    // shown from the start, or an alert would not see the first
    counter("found");
    Gauge.builder("slipway.reconcile.oldest", looks, BranchLookStore::oldestSeconds)
        .baseUnit("seconds")
        .register(meters);
  }

  /**
   * Looks at the app that has been due for longest.
   *
   * @return whether there was one
   */
  public boolean runOnce() throws InterruptedException {
    var due = looks.claim(heads.atMost());
    if (due.isEmpty()) {
      looks.addNew(interval);
      return false;
    }
    var app = apps.findByName(due.get().value());
    if (app != null) {
      look(app);
    }
    return true;
  }

  private void look(App app) throws InterruptedException {
    var name = new AppName(app.name());
    try {
      var head = heads.headOf(app.repository(), app.branch());
      if (head.isPresent() && jobs.findByAppAndCommitSha(app.name(), head.get().value()) == null) {
        enqueuer.enqueue(Candidate.found(name, head.get(), app.branch(), FoundBy.RECONCILIATION));
        count("found");
      } else {
        count(head.isPresent() ? "current" : "no-branch");
      }
      looks.answered(name, interval);
    } catch (IOException | RuntimeException e) {
      count("failed");
      log.warn("The branch of {} could not be compared: {}", app.name(), e.toString());
      looks.failed(name, interval);
    }
  }

  private void count(String outcome) {
    counter(outcome).increment();
  }

  private Counter counter(String outcome) {
    return meters.counter("slipway.reconcile.apps", "outcome", outcome);
  }
}
