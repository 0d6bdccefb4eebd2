package dev.slipway.queue.job;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpRange;

/**
 * The bytes that a request asks for, of those that are there.
 *
 * @param first its place
 * @param last its place; before {@code first} where nothing is there to give
 */
record LogRange(long first, long last) {
  static LogRange whole(long length) {
    return new LogRange(0, length - 1);
  }

  /**
   * Reads a {@code Range} header; none where it is to be ignored: another unit, several ranges, or
   * no range at all. One that lies behind the end is not satisfiable.
   */
  static Optional<LogRange> of(@Nullable String header, long length) {
    if (header == null) {
      return Optional.empty();
    }
    try {
      var ranges = HttpRange.parseRanges(header);
      if (ranges.size() != 1) {
        return Optional.empty();
      }
      var range = ranges.getFirst();
      return length == 0
          ? Optional.of(new LogRange(0, -1))
          : Optional.of(new LogRange(range.getRangeStart(length), range.getRangeEnd(length)));
    } catch (IllegalArgumentException noRange) {
      return Optional.empty();
    }
  }

  long length() {
    return last - first + 1;
  }

  boolean isSatisfiable(long length) {
    return first < length && last >= first;
  }
}
