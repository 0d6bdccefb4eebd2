package dev.slipway.client.text;

import java.util.Locale;

/** The colour of a state. */
public enum Tone {
  GOOD("32"),
  BUSY("36"),
  WARN("33"),
  BAD("31"),
  PLAIN("0");

  private final String code;

  Tone(String code) {
    this.code = code;
  }

  String code() {
    return code;
  }

  /** Of a state as the services call it, or as it is shown. */
  public static Tone of(String state) {
    return switch (state.toUpperCase(Locale.ROOT).replace(' ', '_')) {
      case "READY", "SUCCEEDED", "VERIFIED", "HEALTHY", "DONE", "OK", "ON_TIME" -> GOOD;
      case "RUNNING", "REPLICATING", "ROLLING", "PENDING", "DOWNLOADING", "ACTIVATING" -> BUSY;
      case "PAUSED", "UNKNOWN", "ABORTED", "STOPPED", "AT_RISK", "WARNING", "DRAINING" -> WARN;
      case "FAILED", "CORRUPT", "LATE", "ERROR", "REFUSED" -> BAD;
      default -> PLAIN;
    };
  }
}
