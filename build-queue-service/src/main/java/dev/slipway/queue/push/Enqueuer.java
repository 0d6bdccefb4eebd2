package dev.slipway.queue.push;

import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.Notices;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.dao.PessimisticLockingFailureException;

/** Makes jobs of commits and tells idle workers. */
public final class Enqueuer {
  private static final int TRIES = 3;

  private final PushStore pushes;
  private final Notices notices;
  private final MeterRegistry meters;

  public Enqueuer(PushStore pushes, Notices notices, MeterRegistry meters) {
    this.pushes = pushes;
    this.notices = notices;
    this.meters = meters;
  }

  /** The commit's job, made if there is none; see {@link PushStore#enqueue}. */
  public Enqueued enqueue(Candidate push) {
    var job = store(push);
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

  // putting a late push into its place locks many jobs, which others lock one by one in their order
  private Enqueued store(Candidate push) {
    for (var tries = 1; ; tries++) {
      try {
        return pushes.enqueue(push);
      } catch (PessimisticLockingFailureException deadlock) {
        if (tries == TRIES) {
          throw deadlock;
        }
      }
    }
  }
}
