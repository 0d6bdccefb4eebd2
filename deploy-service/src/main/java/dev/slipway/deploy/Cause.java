package dev.slipway.deploy;

/** Who wished for a deployment. */
public enum Cause {
  PERSON,
  AUTO,
  ROLLBACK
}
