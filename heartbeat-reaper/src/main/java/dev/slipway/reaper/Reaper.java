package dev.slipway.reaper;

import dev.slipway.common.job.JobStatus;
import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.common.trace.Span;
import dev.slipway.common.trace.TraceParent;
import dev.slipway.common.trace.Traces;
import dev.slipway.reaper.LostJobStore.LostJob;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the jobs of lost workers back to the queue, or fails them when their attempts are used up.
 */
final class Reaper {
  private static final Logger log = LoggerFactory.getLogger(Reaper.class);

  private final LostJobStore jobs;
  private final NoticeStore notices;
  private final Attendance attendance;
  private final Duration timeout;
  private final Traces traces;
  private final Map<JobStatus, Counter> lost = new EnumMap<>(JobStatus.class);

  /**
   * @param meters gets {@code slipway.reaper.lost} by {@code becomes}
   */
  Reaper(
      LostJobStore jobs,
      NoticeStore notices,
      Attendance attendance,
      Duration timeout,
      Traces traces,
      MeterRegistry meters) {
    this.jobs = jobs;
    this.notices = notices;
    this.attendance = attendance;
    this.timeout = timeout;
    this.traces = traces;
    for (var becomes : new JobStatus[] {JobStatus.QUEUED, JobStatus.FAILED, JobStatus.CANCELLED}) {
      lost.put(becomes, meters.counter("slipway.reaper.lost", "becomes", becomes.name()));
    }
  }

  /** Takes what is lost; says whether there was any. */
  boolean runOnce() {
    if (!attendance.mayJudge(jobs.now())) {
      return false;
    }
    var taken = jobs.take(timeout);
    for (var job : taken) {
      Objects.requireNonNull(lost.get(job.becomes())).increment();
      tell(job);
    }
    if (taken.stream().anyMatch(job -> job.becomes() == JobStatus.QUEUED)) {
      notices.send(Channel.JOB_QUEUED);
    }
    if (!taken.isEmpty()) {
      notices.send(Channel.JOB_CHANGED);
    }
    return !taken.isEmpty();
  }

  private void tell(LostJob job) {
    var push = job.push();
    var span = push == null ? null : push.child("build/" + job.attempt());
    try (var _ = TraceParent.inLogs(span)) {
      log.warn(
          "Build #{} attempt {} was lost with worker {}: {}",
          job.id(),
          job.attempt(),
          job.worker(),
          job.becomes());
    }
    if (push != null) {
      // in the place of the worker, which does not tell of it any more
      traces.tell(
          push,
          () ->
              Span.of(
                      push,
                      "build-worker",
                      "build/" + job.attempt(),
                      job.startedAt(),
                      job.takenAt())
                  .with("slipway.build", job.id())
                  .with("slipway.attempt", job.attempt())
                  .with("slipway.worker", job.worker())
                  .failed("lost with its worker"));
    }
  }
}
