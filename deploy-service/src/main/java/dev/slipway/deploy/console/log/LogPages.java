package dev.slipway.deploy.console.log;

import dev.slipway.common.log.BuildLogs;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.deploy.console.log.LogIndex.Extent;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Logs in pages of {@value LogIndex#STEP} lines. What is known of those read last is kept. */
final class LogPages {
  private static final int MOST_KNOWN = 32;

  private final BuildLogs logs;
  private final Map<Key, LogIndex> known =
      Collections.synchronizedMap(
          new LinkedHashMap<>(MOST_KNOWN, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Key, LogIndex> eldest) {
              return size() > MOST_KNOWN;
            }
          });

  LogPages(BuildLogs logs) {
    this.logs = logs;
  }

  private record Key(long build, int attempt) {}

  /**
   * How much of a log there is by now.
   *
   * @throws dev.slipway.common.problem.Problem 503 when the log's bucket cannot be read
   */
  Extent extent(long build, int attempt) {
    return index(build, attempt).look();
  }

  private LogIndex index(long build, int attempt) {
    return known.computeIfAbsent(
        new Key(build, attempt), key -> new LogIndex(logs, key.build(), key.attempt()));
  }

  /**
   * A page of a log; empty behind its end.
   *
   * @param from its first line, counted from 1
   */
  String page(long build, int attempt, long from) {
    InvalidInput.unless(
        from >= 1 && from <= LogIndex.MOST_LINES && from % LogIndex.STEP == 1,
        "from",
        "must be 1, %d, %d … up to %,d"
            .formatted(1 + LogIndex.STEP, 1 + 2 * LogIndex.STEP, LogIndex.MOST_LINES));
    var index = index(build, attempt);
    if (index.look().lines() < from) {
      return "";
    }
    var mark = index.mark(from - 1);
    var page = new LogPage(from, mark.style());
    var cutter = new LineCutter(mark.start(), LogIndex.LONGEST_LINE);
    while (!page.isFull()) {
      var bytes = logs.read(build, attempt, cutter.position());
      if (bytes.length == 0) {
        break;
      }
      cutter.add(bytes, page::add);
    }
    if (cutter.hasRest()) {
      page.add(cutter.rest());
    }
    return page.html();
  }
}
