package dev.slipway.worker;

import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.worker.build.LogStore;
import dev.slipway.worker.build.LogStream;
import dev.slipway.worker.job.BuildFailed;
import dev.slipway.worker.job.ClaimStore;
import dev.slipway.worker.job.ClaimedJob;
import dev.slipway.worker.job.FinishStore;
import dev.slipway.worker.job.Heartbeats;
import dev.slipway.worker.job.Hold;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** One slot: takes a job, builds it, publishes it, says how it ended; then the next. */
final class Worker {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  private final String name;
  private final Jobs jobs;
  private final Build build;
  private final DiskSpace disk;
  private final MeterRegistry meters;

  /** How the worker takes jobs, keeps them and lets go of them. */
  record Jobs(
      ClaimStore claims,
      Heartbeats heartbeats,
      LogStore logs,
      FinishStore finish,
      NoticeStore notices) {}

  Worker(String name, Jobs jobs, Build build, DiskSpace disk, MeterRegistry meters) {
    this.name = name;
    this.jobs = jobs;
    this.build = build;
    this.disk = disk;
    this.meters = meters;
  }

  /** Builds the next job; false when none waits or when there is no room to build it. */
  boolean runOnce() throws InterruptedException {
    if (!disk.isEnough()) {
      return false;
    }
    var next = jobs.claims().claim(name);
    if (next.isEmpty()) {
      return false;
    }
    var job = next.get();
    tell();
    var time = Timer.start(meters);
    var outcome = work(job);
    time.stop(meters.timer("slipway.worker.build.seconds"));
    meters.counter("slipway.worker.builds", "outcome", outcome.tag()).increment();
    log.info(
        "Build {} of {}, attempt {}: {}",
        job.claim().job(),
        job.app(),
        job.claim().attempt(),
        outcome.tag());
    if (outcome == Outcome.RELEASED) {
      throw new InterruptedException("asked to stop");
    }
    // after a fault that was not the build's there is no hurry to meet it again
    return outcome != Outcome.GIVEN_BACK;
  }

  private void tell() {
    try {
      jobs.notices().send(Channel.JOB_CHANGED);
    } catch (DataAccessException hintLost) {
      log.debug("A notice was not sent; others find the change when they look", hintLost);
    }
  }

  private Outcome work(ClaimedJob job) {
    try (var hold = new Hold();
        var _ = jobs.heartbeats().start(job.claim(), hold)) {
      var ending = new Ending(jobs.finish(), job.claim(), hold);
      try {
        return ending.succeeded(built(job));
      } catch (BuildFailed failed) {
        return ending.failed(failed.reason());
      } catch (InvalidInput refused) {
        return ending.failed(String.valueOf(refused.getMessage()));
      } catch (InterruptedException stopped) {
        return ending.stopped();
      } catch (IOException | RuntimeException fault) {
        log.warn("Build {} met a fault", job.claim().job(), fault);
        return ending.fault(fault);
      }
    }
  }

  /** The log is whole before the job ends: afterwards nobody may write it. */
  private Build.Result built(ClaimedJob job) throws BuildFailed, IOException, InterruptedException {
    try (var output = new LogStream(jobs.logs(), job.claim(), meters)) {
      try {
        return build.run(job, output);
      } catch (BuildFailed failed) {
        output.say(failed.reason());
        throw failed;
      }
    }
  }
}
