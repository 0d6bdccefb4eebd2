package dev.slipway.deploy.console;

import dev.slipway.common.log.BuildLogs;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what builds print, all attempts one after the other. */
final class LogReader {
  private final LogStore jobs;
  private final BuildLogs logs;

  LogReader(LogStore jobs, BuildLogs logs) {
    this.jobs = jobs;
    this.logs = logs;
  }

  /**
   * A place in a log.
   *
   * @param end bytes of the attempt's output before it
   */
  record Place(int attempt, long end) {
    static final Place START = new Place(0, 0);

    /** Reads what {@link #toString} wrote; anything else is the start. */
    static Place of(String text) {
      if (!text.matches("\\d{1,9}\\.\\d{1,10}")) {
        return START;
      }
      var dot = text.indexOf('.');
      return new Place(
          Integer.parseInt(text.substring(0, dot)), Long.parseLong(text.substring(dot + 1)));
    }

    @Override
    public String toString() {
      return attempt + "." + end;
    }
  }

  /**
   * A piece of output.
   *
   * @param place behind it
   */
  record Part(Place place, String content) {}

  /** The next few megabytes at most behind a place; none where nothing is there yet. */
  Optional<Part> after(long job, Place place) {
    var attempts = jobs.attempts(job);
    for (var attempt = Math.max(1, place.attempt()); attempt <= attempts; attempt++) {
      var text = logs.text(job, attempt, attempt == place.attempt() ? place.end() : 0);
      if (!text.content().isEmpty()) {
        return Optional.of(new Part(new Place(attempt, text.end()), text.content()));
      }
    }
    return Optional.empty();
  }

  /**
   * The end of a log.
   *
   * @param from where it begins
   */
  record Tail(Place from, List<Part> parts) {}

  /** The last {@code bytes} bytes, or as many as there are. */
  Tail tail(long job, int bytes) {
    var from = startOfTail(job, bytes);
    var parts = new ArrayList<Part>();
    var place = from;
    var left = bytes;
    for (var part = after(job, place); part.isPresent() && left > 0; part = after(job, place)) {
      parts.add(part.get());
      place = part.get().place();
      left -= part.get().content().length();
    }
    return new Tail(from, parts);
  }

  private Place startOfTail(long job, int bytes) {
    var left = (long) bytes;
    for (var attempt = jobs.attempts(job); attempt >= 1; attempt--) {
      var length = logs.length(job, attempt);
      if (length >= left) {
        return new Place(attempt, length - left);
      }
      left -= length;
    }
    return Place.START;
  }

  /** Whether the build may still print something. */
  boolean grows(long job) {
    return jobs.grows(job);
  }
}
