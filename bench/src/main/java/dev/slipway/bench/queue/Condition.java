package dev.slipway.bench.queue;

/** What a queue has to put up with; each is a database of its own on the one server. */
enum Condition {
  PLAIN,
  /**
   * Somebody holds a snapshot from before the first job to the end: nothing dead is ever removed.
   */
  SNAPSHOT,
  /** The finished jobs of years are in the table. */
  HISTORY;

  String database() {
    return switch (this) {
      case PLAIN -> "plain";
      case SNAPSHOT -> "snapshot";
      case HISTORY -> "history";
    };
  }
}
