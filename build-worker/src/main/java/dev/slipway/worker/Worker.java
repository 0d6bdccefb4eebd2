package dev.slipway.worker;

import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.Notices;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.trace.Traces;
import dev.slipway.worker.build.LogStore;
import dev.slipway.worker.build.LogStream;
import dev.slipway.worker.job.BuildFailed;
import dev.slipway.worker.job.ClaimedJob;
import dev.slipway.worker.job.FinishStore;
import dev.slipway.worker.job.Hold;
import dev.slipway.worker.job.Slots;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a slot does with a job: builds it, publishes it, says how it ended. */
final class Worker implements Slots.Work {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  private final Jobs jobs;
  private final Build build;
  private final Duration pause;
  private final Traces traces;
  private final Clock clock;
  private final MeterRegistry meters;
  private final Timer builds;

  /** Where the worker writes what becomes of jobs. */
  record Jobs(LogStore logs, FinishStore finish, Notices notices) {}

  /**
   * @param pause before a job is given back after a fault that was not the build's
   */
  Worker(Jobs jobs, Build build, Duration pause, Traces traces, Clock clock, MeterRegistry meters) {
    this.jobs = jobs;
    this.build = build;
    this.pause = pause;
    this.traces = traces;
    this.clock = clock;
    this.meters = meters;
    this.builds = meters.timer("slipway.worker.build.seconds");
  }

  @Override
  public void on(ClaimedJob job, Hold hold, Slots slots) {
    var trace = new BuildTrace(traces, job, clock);
    try (var _ = trace.inLogs()) {
      on(job, hold, slots, trace);
    }
  }

  private void on(ClaimedJob job, Hold hold, Slots slots, BuildTrace trace) {
    jobs.notices().tell(Channel.JOB_CHANGED);
    var time = Timer.start(meters);
    var outcome = work(job, hold, slots, trace);
    trace.end(outcome);
    time.stop(builds);
    jobs.notices().tell(Channel.JOB_CHANGED);
    meters.counter("slipway.worker.builds", "outcome", outcome.tag()).increment();
    log.info(
        "Build {} of {}, attempt {}: {}",
        job.claim().job(),
        job.app(),
        job.claim().attempt(),
        outcome.tag());
  }

  private Outcome work(ClaimedJob job, Hold hold, Slots slots, BuildTrace trace) {
    var ending = new Ending(jobs.finish(), job.claim(), hold, pause);
    try {
      return ending.succeeded(built(job, slots, trace), slots);
    } catch (Build.WrongPool elsewhere) {
      return ending.passedOn(elsewhere.pool());
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

  /** The log is whole before the job ends: afterwards nobody may write it. */
  private Build.Result built(ClaimedJob job, Slots slots, BuildTrace trace)
      throws Build.WrongPool, BuildFailed, IOException, InterruptedException {
    try (var output = new LogStream(jobs.logs(), job.claim(), meters)) {
      try {
        return build.run(job, slots.identity().labels(), output, trace);
      } catch (BuildFailed failed) {
        output.say(failed.reason());
        throw failed;
      }
    }
  }
}
