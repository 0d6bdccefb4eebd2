package dev.slipway.queue.job;

import dev.slipway.common.access.Caller;
import dev.slipway.common.app.AppRepository;
import dev.slipway.common.audit.AuditStore;
import dev.slipway.common.problem.Problem;
import dev.slipway.common.trace.TraceParent;
import dev.slipway.queue.push.Candidate;
import dev.slipway.queue.push.Enqueued;
import dev.slipway.queue.push.Enqueuer;
import dev.slipway.queue.push.FoundBy;
import org.jspecify.annotations.Nullable;

/** Builds what somebody asks for by its commit. */
public final class JobRequests {
  private final AppRepository apps;
  private final Enqueuer enqueuer;
  private final AuditStore audit;

  public JobRequests(AppRepository apps, Enqueuer enqueuer, AuditStore audit) {
    this.apps = apps;
    this.enqueuer = enqueuer;
    this.audit = audit;
  }

  /**
   * The commit's job, made if there is none.
   *
   * @param within the span of who asks, of which the build becomes a part; none where they do not
   *     trace
   * @throws Problem 404 if there is no such app, 403 if it is none of the caller's
   */
  Enqueued request(JobRequest wish, Caller caller, @Nullable TraceParent within) {
    var name = wish.app();
    var commit = wish.commit();
    caller.mustDeploy(name);
    var app = apps.findByName(name.value());
    if (app == null) {
      throw Problem.notFound("app " + name);
    }
    // before it is done: a crash in between leaves a wish without a job, never a job without a
    // trace
    audit.record(caller.name(), "job-request", "app " + name, "REQUESTED", commit.value());
    return enqueuer.enqueue(Candidate.found(name, commit, app.branch(), FoundBy.PERSON), within);
  }
}
