package dev.slipway.queue.push;

/** How Slipway learned of a commit. */
public enum FoundBy {
  WEBHOOK,
  /** The branch's head was looked up: the forge's delivery is late or was lost. */
  RECONCILIATION,
  /** Somebody asked for its build by name. */
  PERSON
}
