package dev.slipway.common.access;

/**
 * What a caller may do. ADMIN may do what DEPLOYER may, DEPLOYER what VIEWER may; the others stand
 * alone.
 */
public enum Role {
  VIEWER,
  DEPLOYER,
  ADMIN,
  /** A build worker. */
  WORKER,
  /** A regional agent; its scope is its region. */
  REGION,
  /** A machine agent; its scope is its machine's id. */
  MACHINE;

  /** Whether it is one for people. */
  public boolean isPersons() {
    return switch (this) {
      case VIEWER, DEPLOYER, ADMIN -> true;
      case WORKER, REGION, MACHINE -> false;
    };
  }

  /** The Spring Security authority's name. */
  public String authority() {
    return "ROLE_" + name();
  }
}
