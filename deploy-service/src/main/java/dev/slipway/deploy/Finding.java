package dev.slipway.deploy;

/**
 * What a wave's analysis found.
 *
 * @param text for people; empty when it is good
 */
record Finding(Kind kind, String text) {
  static final Finding GOOD = new Finding(Kind.GOOD, "");

  enum Kind {
    GOOD,
    BAD,
    /** Nobody has answered, or been asked, since the wave's machines are well. */
    OPEN
  }
}
