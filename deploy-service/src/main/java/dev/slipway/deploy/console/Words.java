package dev.slipway.deploy.console;

import dev.slipway.common.job.Job;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How the pages say numbers, times and states. */
public final class Words {
  private final Clock clock;

  /** Words of the time that this clock tells. */
  public Words(Clock clock) {
    this.clock = clock;
  }

  /** Bytes in decimal units, as {@code 1.2 GB}. */
  public String bytes(@Nullable Long bytes) {
    if (bytes == null) {
      return "–";
    }
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

  /** How many, with its thousands apart. */
  public String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** A length of time in whole minutes. */
  public String minutes(double seconds) {
    return Math.round(seconds / 60) + " min";
  }

  /** A length of time, as {@code 0.4 s}, {@code 12 s}, {@code 3 min 5 s}, {@code 2 h 10 min}. */
  public String seconds(@Nullable Double seconds) {
    if (seconds == null) {
      return "–";
    }
    if (seconds < 9.95) {
      return String.format(Locale.ROOT, "%.1f s", Math.max(0, seconds));
    }
    var whole = Math.round(seconds);
    if (whole < 60) {
      return whole + " s";
    }
    if (whole < 3600) {
      return whole / 60 + " min " + whole % 60 + " s";
    }
    return whole / 3600 + " h " + whole % 3600 / 60 + " min";
  }

  /** From one moment to another, or to now while the other has not come. */
  public String between(@Nullable Instant from, @Nullable Instant until) {
    return from == null ? "–" : seconds(secondsBetween(from, until));
  }

  /** The moment at which a page is made. */
  public Instant now() {
    return clock.instant();
  }

  double secondsBetween(Instant from, @Nullable Instant until) {
    return Duration.between(from, until == null ? clock.instant() : until).toMillis() / 1000.0;
  }

  /** How long ago, coarsely. */
  public String ago(@Nullable Instant then) {
    if (then == null) {
      return "–";
    }
    var minutes = Duration.between(then, clock.instant()).toMinutes();
    if (minutes < 1) {
      return "just now";
    }
    if (minutes < 60) {
      return minutes + " min ago";
    }
    return minutes < 48 * 60 ? minutes / 60 + " h ago" : minutes / (24 * 60) + " days ago";
  }

  /** A moment in full, for those who hover. */
  public String moment(@Nullable Instant then) {
    return then == null ? "" : then.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /**
   * A build's state as pages show it: a job that succeeded is ready once its copies are verified.
   */
  static String state(String status, boolean replicated) {
    if (!status.equals("SUCCEEDED")) {
      return status;
    }
    return replicated ? "READY" : "REPLICATING";
  }

  /** The same of a job. */
  public String state(Job job) {
    return state(job.status().name(), job.replicatedAt() != null);
  }

  /** A name from outside, or another short text, on one line. */
  public String brief(@Nullable String text) {
    return text == null ? "" : PlainText.line(text, 120);
  }

  /** A longer text from outside, with its line breaks. */
  public String text(@Nullable String text) {
    return text == null ? "" : PlainText.lines(text, 2_000);
  }

  /** A file's text from outside, whole. */
  public String whole(@Nullable String text) {
    return text == null ? "" : PlainText.lines(text, Integer.MAX_VALUE);
  }

  /** The colour of a state: good, busy, bad, warn or idle. */
  public String tone(@Nullable String state) {
    return switch (String.valueOf(state)) {
      case "READY", "SUCCEEDED", "VERIFIED", "HEALTHY", "DONE", "WELL" -> "good";
      case "RUNNING",
          "REPLICATING",
          "ROLLING",
          "PRESENT",
          "DOWNLOADING",
          "ACTIVATING",
          "UNDER_WAY" ->
          "busy";
      case "FAILED", "CORRUPT", "LATE", "FAILING" -> "bad";
      case "PAUSED", "UNKNOWN", "LOST", "ABORTED", "STOPPED", "AT_RISK" -> "warn";
      default -> "idle";
    };
  }

  /** What a machine is at, in words. */
  public String machine(@Nullable String state) {
    return switch (String.valueOf(state)) {
      case "RUNNING" -> "running";
      case "UNKNOWN" -> "silent";
      case "ACTIVATING" -> "starting";
      default -> say(state);
    };
  }

  /** A state in words. */
  public String say(@Nullable String state) {
    return switch (String.valueOf(state)) {
      case "RUNNING" -> "building";
      case "PRESENT" -> "checking";
      case "null" -> "none";
      default -> String.valueOf(state).toLowerCase(Locale.ROOT).replace('_', ' ');
    };
  }
}
