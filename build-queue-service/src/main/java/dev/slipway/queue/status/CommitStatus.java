package dev.slipway.queue.status;

import dev.slipway.common.job.JobStatus;
import org.jspecify.annotations.Nullable;

/**
 * How the build of a commit goes.
 *
 * @param repository its address, as registered
 * @param failure why it failed or was cancelled
 */
record CommitStatus(
    long job,
    String app,
    String repository,
    String commit,
    JobStatus status,
    @Nullable String failure) {
  /** GitHub takes no more. */
  private static final int LONGEST = 140;

  /** What tells this status from others of the same commit. */
  String context() {
    return "slipway/" + app;
  }

  /** A line of at most 140 characters for people. */
  String description() {
    var build = "Build #" + job;
    return line(
        switch (status) {
          case QUEUED -> build + " waits for a worker";
          case RUNNING -> build + " is running";
          case SUCCEEDED -> build + " succeeded";
          case FAILED -> build + " failed: " + failure;
          case CANCELLED -> build + " was cancelled: " + failure;
        });
  }

  /** What a build printed may hold anything. */
  private static String line(String text) {
    var line = text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}]+", " ").strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
  }
}
