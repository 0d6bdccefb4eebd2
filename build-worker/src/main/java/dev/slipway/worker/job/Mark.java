package dev.slipway.worker.job;

import java.time.OffsetDateTime;

/** A place in the line of waiting jobs: the one that was claimed last. */
public record Mark(OffsetDateTime createdAt, long job) {
  /** Before all jobs. */
  public static final Mark START = new Mark(OffsetDateTime.MIN, 0);
}
