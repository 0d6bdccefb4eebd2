package dev.slipway.client.text;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** How numbers, times and states are said. */
public final class Words {
  private static final int SHORT_COMMIT = 12;

  private Words() {}

  /** A length of time, as {@code 0.4 s}, {@code 12 s}, {@code 3 min 5 s}, {@code 2 h 10 min}. */
  public static String seconds(double seconds) {
    if (seconds < 9.95) {
      return String.format(Locale.ROOT, "%.1f s", Math.max(0, seconds));
    }
    var whole = Math.round(seconds);
    if (whole < 60) {
      return whole + " s";
    }
    return whole < 3600
        ? whole / 60 + " min " + whole % 60 + " s"
        : whole / 3600 + " h " + whole % 3600 / 60 + " min";
  }

  /** Bytes in decimal units, as {@code 1.2 GB}. */
  public static String bytes(long bytes) {
    if (bytes < 1000) {
      return bytes + " B";
    }
    var value = bytes / 1000.0;
    for (var unit : new String[] {"kB", "MB", "GB"}) {
      if (value < 999.5) {
        return String.format(Locale.ROOT, value < 9.95 ? "%.1f %s" : "%.0f %s", value, unit);
      }
      value /= 1000;
    }
    return String.format(Locale.ROOT, "%.1f TB", value);
  }

  /** How long before {@code now} something was; nothing where it has not been. */
  public static String ago(JsonNode time, Instant now) {
    if (!time.isString()) {
      return "";
    }
    var since = Duration.between(Instant.parse(time.asString()), now);
    if (since.toSeconds() < 60) {
      return Math.max(0, since.toSeconds()) + " s ago";
    }
    if (since.toMinutes() < 60) {
      return since.toMinutes() + " min ago";
    }
    return since.toHours() < 48 ? since.toHours() + " h ago" : since.toDays() + " days ago";
  }

  /** From one time to another, or to now while the other has not come; nothing before the first. */
  public static String between(JsonNode from, JsonNode until, Instant now) {
    if (!from.isString()) {
      return "";
    }
    var end = until.isString() ? Instant.parse(until.asString()) : now;
    return seconds(Duration.between(Instant.parse(from.asString()), end).toMillis() / 1000.0);
  }

  /** As many digits of a commit as people need. */
  public static String commit(JsonNode hash) {
    var whole = hash.asString("");
    return whole.substring(0, Math.min(SHORT_COMMIT, whole.length()));
  }

  /** A build's number; nothing where there is none. */
  public static String build(JsonNode number) {
    return number.isNumber() ? "#" + number.asLong() : "";
  }

  /** A build's state: one that succeeded is ready once its copies are verified. */
  public static String state(JsonNode job) {
    var status = job.path("status").asString("");
    if (!status.equals("SUCCEEDED")) {
      return status;
    }
    return job.path("replicatedAt").isString() ? "READY" : "REPLICATING";
  }

  /** How many machines the API counts in all. */
  public static long total(JsonNode counts) {
    return counts.path("healthy").asLong()
        + counts.path("pending").asLong()
        + counts.path("failed").asLong()
        + counts.path("unknown").asLong();
  }

  /** One thing, or several. */
  public static String count(long number, String one) {
    return number + " " + one + (number == 1 ? "" : "s");
  }
}
