package dev.slipway.worker;

import dev.slipway.common.trace.Span;
import dev.slipway.common.trace.TraceParent;
import dev.slipway.common.trace.Traces;
import dev.slipway.worker.job.ClaimedJob;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The spans of one attempt. They are told all at once when it has ended: of a worker that dies
 * nobody hears of the steps without hearing of the build, which the reaper tells of then.
 */
final class BuildTrace {
  private static final String SERVICE = "build-worker";

  private final Traces traces;
  private final ClaimedJob job;
  private final @Nullable TraceParent build;
  private final Clock clock;
  private final Instant begun;
  private final List<Span> steps = new ArrayList<>();

  BuildTrace(Traces traces, ClaimedJob job, Clock clock) {
    this.traces = traces;
    this.job = job;
    this.build = job.buildSpan();
    this.clock = clock;
    this.begun = clock.instant();
  }

  /** A part of the build that is under way until it is closed. */
  Step step(String name) {
    return new Step(name, clock.instant());
  }

  /** Ends when it is closed. */
  final class Step implements AutoCloseable {
    private final String name;
    private final Instant from;

    private Step(String name, Instant from) {
      this.name = name;
      this.from = from;
    }

    @Override
    public void close() {
      if (build != null && traces.areOn()) {
        steps.add(Span.of(build, SERVICE, name, from, clock.instant()));
      }
    }
  }

  /** Lets the log lines of this thread carry the build's ids. */
  TraceParent.InLogs inLogs() {
    return TraceParent.inLogs(build);
  }

  /** The attempt has ended. One that was lost is the reaper's to tell of. */
  void end(Outcome outcome) {
    var journey = job.journey();
    if (journey == null || build == null || outcome == Outcome.LOST) {
      return;
    }
    var push = journey.push();
    if (job.claim().attempt() == 1) {
      traces.tell(
          push,
          () ->
              Span.of(push, "build-queue-service", "queue", begun.minus(journey.waited()), begun));
    }
    traces.tell(push, () -> span(push, outcome));
    steps.forEach(step -> traces.tell(push, () -> step));
  }

  private Span span(TraceParent push, Outcome outcome) {
    return Span.of(push, SERVICE, "build/" + job.claim().attempt(), begun, clock.instant())
        .with("slipway.app", job.app())
        .with("slipway.build", job.claim().job())
        .with("slipway.attempt", job.claim().attempt())
        .with("slipway.worker", job.claim().worker())
        .with("slipway.outcome", outcome.tag())
        .failed(outcome == Outcome.SUCCEEDED ? null : outcome.tag());
  }
}
