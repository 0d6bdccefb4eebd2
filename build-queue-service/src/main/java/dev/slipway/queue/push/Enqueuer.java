package dev.slipway.queue.push;

import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.Notices;
import dev.slipway.common.trace.Span;
import dev.slipway.common.trace.TraceParent;
import dev.slipway.common.trace.Traces;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.PessimisticLockingFailureException;

/** Makes jobs of commits and tells idle workers. */
public final class Enqueuer {
  private static final int TRIES = 3;

  private final PushStore pushes;
  private final Notices notices;
  private final Traces traces;
  private final Clock clock;
  private final MeterRegistry meters;

  /** Pushes are not traced. */
  public Enqueuer(PushStore pushes, Notices notices, MeterRegistry meters) {
    this(pushes, notices, Traces.OFF, Clock.systemUTC(), meters);
  }

  public Enqueuer(
      PushStore pushes, Notices notices, Traces traces, Clock clock, MeterRegistry meters) {
    this.pushes = pushes;
    this.notices = notices;
    this.traces = traces;
    this.clock = clock;
    this.meters = meters;
  }

  /** The commit's job, made if there is none; see {@link PushStore#enqueue}. */
  public Enqueued enqueue(Candidate push) {
    return enqueue(push, (TraceParent) null);
  }

  /**
   * The same, asked for just now.
   *
   * @param caller the span of who asks, from which the commit's trace goes on; none for the most
   *     part
   */
  public Enqueued enqueue(Candidate push, @Nullable TraceParent caller) {
    return enqueue(push, new Arrival(clock.instant(), caller));
  }

  /** The same, of a push that somebody sent; its trace goes on from theirs. */
  public Enqueued enqueue(Candidate push, Arrival arrival) {
    var caller = arrival.caller();
    var trace = caller == null ? TraceParent.start(traces.areOn()) : caller.fresh(traces.areOn());
    var job = store(push, trace);
    if (!job.duplicate()) {
      traces.tell(trace, () -> span(push, job, arrival, trace));
    }
    meters
        .counter(
            "slipway.pushes",
            "found_by",
            push.foundBy().name(),
            "duplicate",
            String.valueOf(job.duplicate()))
        .increment();
    if (!job.duplicate()) {
      notices.tell(Channel.JOB_QUEUED);
      notices.tell(Channel.JOB_CHANGED);
    }
    return job;
  }

  /** The first span of a commit's way. */
  private Span span(Candidate push, Enqueued job, Arrival arrival, TraceParent trace) {
    var caller = arrival.caller();
    return new Span(
            trace,
            caller == null ? null : caller.spanId(),
            "build-queue-service",
            "push",
            arrival.at(),
            clock.instant(),
            Map.of(),
            null)
        .with("slipway.app", push.app())
        .with("slipway.build", job.job())
        .with("slipway.commit", push.commit())
        .with("slipway.found_by", push.foundBy());
  }

  // putting a late push into its place locks many jobs, which others lock one by one in their order
  private Enqueued store(Candidate push, TraceParent trace) {
    for (var tries = 1; ; tries++) {
      try {
        return pushes.enqueue(push, trace);
      } catch (PessimisticLockingFailureException deadlock) {
        if (tries == TRIES) {
          throw deadlock;
        }
      }
    }
  }
}
