package dev.slipway.bench.queue;

/** How a system takes jobs, which decides what it may be compared with. */
enum Kind {
  /** Slipway. */
  OURS,
  /** Each worker takes a job when it is free. */
  PEER,
  /**
   * Holds jobs ahead of free workers, which a queue of builds may not do: shown, not compared with.
   */
  PEER_AHEAD,
  /** No queue: what the writes alone cost. */
  FLOOR
}
