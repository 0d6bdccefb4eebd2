package dev.slipway.deploy.webhook;

/** What a receiver takes. */
public enum Kind {
  /** The event as it is, signed. */
  JSON,
  /** A line of text, as Slack's incoming webhooks and those that are like them take it. */
  SLACK
}
