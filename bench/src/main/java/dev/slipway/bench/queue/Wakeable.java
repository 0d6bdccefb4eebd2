package dev.slipway.bench.queue;

import java.util.List;

/** A job queue whose idle workers find out about a new job by themselves. */
interface Wakeable {
  /** The first so many of a probe are not counted. */
  int WARM_UP = 5;

  /**
   * Enqueues jobs one by one, at a slow pace, while all workers are idle.
   *
   * @return for each the milliseconds from before the call that enqueues it to the start of its
   *     body
   */
  List<Double> pickups(int workers, int probes) throws Exception;
}
