package dev.slipway.queue.push;

import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.NoticeStore;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.PessimisticLockingFailureException;

/** Makes jobs of commits and tells idle workers. */
public final class Enqueuer {
  private static final Logger log = LoggerFactory.getLogger(Enqueuer.class);
  private static final int TRIES = 3;

  private final PushStore pushes;
  private final NoticeStore notices;
  private final MeterRegistry meters;

  public Enqueuer(PushStore pushes, NoticeStore notices, MeterRegistry meters) {
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
      hint();
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

  private void hint() {
    try {
      notices.send(Channel.JOB_QUEUED);
    } catch (DataAccessException e) {
      // the job is safe, and workers also look by themselves
      log.debug("Nobody was told of a new job", e);
    }
  }
}
