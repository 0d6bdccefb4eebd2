package dev.slipway.queue.webhook;

/** What a genuine delivery is answered. */
sealed interface Answer {
  /** It is, or was already, a job. */
  record Accepted(long job, long seq, boolean duplicate) implements Answer {}

  /**
   * Nothing is to be done.
   *
   * @param ignored why
   */
  record Ignored(String ignored) implements Answer {}
}
