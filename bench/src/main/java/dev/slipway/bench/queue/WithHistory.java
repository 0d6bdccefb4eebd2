package dev.slipway.bench.queue;

/** A job queue that keeps its finished jobs where it looks for waiting ones. */
interface WithHistory {
  /** Puts finished jobs into the empty queue. */
  void loadFinished(int jobs) throws Exception;
}
