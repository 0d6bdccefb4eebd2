package dev.slipway.standalone.job;

import dev.slipway.common.job.Claim;
import dev.slipway.common.job.JobStatus;
import dev.slipway.reaper.HeartbeatStore.Hold;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the queue is to do, in a few lines: jobs in a map, one operation after the other. */
final class JobModel {
  /** Of the app whose jobs these are. */
  private final int maxAttempts;

  private final boolean retryFailures;
  private final Map<Long, State> jobs = new TreeMap<>();

  JobModel(int maxAttempts, boolean retryFailures) {
    this.maxAttempts = maxAttempts;
    this.retryFailures = retryFailures;
  }

  private static final class State {
    JobStatus status = JobStatus.QUEUED;
    int attempt;
    int most;
    @Nullable String worker;
    boolean cancelled;
    boolean silent;
    final List<String> past = new ArrayList<>();

    boolean isHeldBy(Claim claim) {
      return status == JobStatus.RUNNING
          && attempt == claim.attempt()
          && Objects.equals(worker, claim.worker());
    }

    void queue(String outcome) {
      past.add(attempt + " " + outcome);
      status = JobStatus.QUEUED;
      worker = null;
      silent = false;
    }

    void end(JobStatus how, String outcome) {
      past.add(attempt + " " + outcome);
      status = how;
      silent = false;
    }

    @Override
    public String toString() {
      return "%s %d/%d %s%s %s"
          .formatted(status, attempt, most, worker, cancelled ? " cancel" : "", past);
    }
  }

  void push(long job) {
    var state = new State();
    state.most = maxAttempts;
    jobs.put(job, state);
  }

  /** The oldest that wait, at most {@code free}. */
  List<Claim> claim(String worker, int free) {
    var claims = new ArrayList<Claim>();
    jobs.forEach((job, state) -> {
      if (state.status == JobStatus.QUEUED && claims.size() < free) {
        state.status = JobStatus.RUNNING;
        state.attempt++;
        state.worker = worker;
        claims.add(new Claim(job, state.attempt, worker));
      }
    });
    return claims;
  }

  boolean succeed(Claim claim) {
    return held(claim, false).map(state -> end(state, JobStatus.SUCCEEDED)).orElse(false);
  }

  boolean fail(Claim claim) {
    var state = state(claim.job());
    if (!state.isHeldBy(claim)) {
      return false;
    }
    if (retryFailures && state.attempt < state.most && !state.cancelled) {
      state.queue("FAILED");
      return true;
    }
    return end(state, JobStatus.FAILED);
  }

  boolean cancelled(Claim claim) {
    return held(claim, true).map(state -> end(state, JobStatus.CANCELLED)).orElse(false);
  }

  boolean release(Claim claim) {
    return held(claim, false)
        .map(state -> {
          state.most = Math.min(state.most + 1, 100);
          state.queue("RELEASED");
          return true;
        })
        .orElse(false);
  }

  boolean giveBack(Claim claim) {
    return held(claim, false)
        .map(state -> {
          if (state.attempt < state.most) {
            state.queue("RELEASED");
            return true;
          }
          return end(state, JobStatus.FAILED);
        })
        .orElse(false);
  }

  Hold beat(Claim claim) {
    var state = state(claim.job());
    if (!state.isHeldBy(claim)) {
      return Hold.LOST;
    }
    state.silent = false;
    return state.cancelled ? Hold.CANCELLED : Hold.HELD;
  }

  /** Its worker is not heard of for longer than the time-out. */
  void silence(long job) {
    state(job).silent = state(job).status == JobStatus.RUNNING;
  }

  void reap() {
    for (var state : jobs.values()) {
      if (state.status == JobStatus.RUNNING && state.silent) {
        if (state.cancelled) {
          state.end(JobStatus.CANCELLED, "LOST");
        } else if (state.attempt >= state.most) {
          state.end(JobStatus.FAILED, "LOST");
        } else {
          state.queue("LOST");
        }
      }
    }
  }

  @Nullable JobStatus cancel(long job) {
    var state = state(job);
    if (state.status.isEnded()) {
      return null;
    }
    state.cancelled = true;
    if (state.status == JobStatus.QUEUED) {
      state.status = JobStatus.CANCELLED;
    }
    return state.status;
  }

  boolean retry(long job) {
    var state = state(job);
    if (state.status != JobStatus.FAILED && state.status != JobStatus.CANCELLED) {
      return false;
    }
    state.status = JobStatus.QUEUED;
    state.worker = null;
    state.cancelled = false;
    state.most = Math.min(state.attempt + maxAttempts, 100);
    return true;
  }

  /** Every job as one line a job. */
  String text() {
    var text = new StringBuilder();
    jobs.forEach((job, state) -> {
      var past = new ArrayList<>(state.past);
      if (state.status == JobStatus.RUNNING) {
        past.add(state.attempt + " null");
      }
      text.append(job)
          .append(": ")
          .append(state.status)
          .append(' ')
          .append(state.attempt)
          .append('/')
          .append(state.most)
          .append(' ')
          .append(state.worker)
          .append(state.cancelled ? " cancel " : " ")
          .append(past)
          .append('\n');
    });
    return text.toString();
  }

  private static boolean end(State state, JobStatus how) {
    state.end(how, how.name());
    return true;
  }

  private Optional<State> held(Claim claim, boolean cancelled) {
    var state = state(claim.job());
    return state.isHeldBy(claim) && state.cancelled == cancelled
        ? Optional.of(state)
        : Optional.empty();
  }

  private State state(long job) {
    return Objects.requireNonNull(jobs.get(job));
  }
}
