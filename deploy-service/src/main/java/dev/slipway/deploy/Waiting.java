package dev.slipway.deploy;

import dev.slipway.common.job.JobStatus;
import dev.slipway.deploy.AppStore.Build;

/**
 * A build in the line of those that auto-deploy may take.
 *
 * @param seconds since it was queued, runs, was built or, once it is ready, was replicated
 */
record Waiting(Build build, JobStatus status, double seconds) {
  boolean isReady() {
    return status == JobStatus.SUCCEEDED && build.replicated();
  }

  /** As {@code build 41, running since 3 min}. */
  String inWords() {
    var what =
        switch (status) {
          case QUEUED -> "queued";
          case RUNNING -> "running";
          case SUCCEEDED -> "built and not replicated";
          case FAILED, CANCELLED -> "ended";
        };
    return "build %d, %s since %s".formatted(build.id(), what, time());
  }

  private String time() {
    var whole = Math.round(seconds);
    if (whole < 60) {
      return whole + " s";
    }
    return whole < 3600 ? whole / 60 + " min" : whole / 3600 + " h " + whole % 3600 / 60 + " min";
  }
}
