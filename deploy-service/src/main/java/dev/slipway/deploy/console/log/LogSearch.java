package dev.slipway.deploy.console.log;

import dev.slipway.common.log.BuildLogs;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;

/** Searches whole logs where they are kept, so that a browser need not have them. */
final class LogSearch {
  private static final int LONGEST_QUERY = 200;
  private static final int MOST_HITS = 10_000;

  /** Of a longer line only the beginning is searched. */
  private static final int LONGEST_LINE = 2 << 20;

  /** A search reads up to 64 MiB. */
  private static final int AT_ONCE = 4;

  private final BuildLogs logs;
  private final Semaphore places = new Semaphore(AT_ONCE);

  LogSearch(BuildLogs logs) {
    this.logs = logs;
  }

  /**
   * The lines that have a text.
   *
   * @param lines numbers of the first {@value #MOST_HITS} of them
   * @param total how many there are
   */
  record Found(List<Long> lines, long total) {}

  /**
   * Looks for a text, whatever its case, in what people see of an attempt's log.
   *
   * @param query 1 to 200 characters
   * @throws Problem 503 when others search already
   */
  Found find(long build, int attempt, String query) {
    InvalidInput.unless(
        !query.isEmpty() && query.length() <= LONGEST_QUERY,
        "q",
        "must be 1 to " + LONGEST_QUERY + " characters");
    if (!places.tryAcquire()) {
      throw new Problem(503, "busy", "other logs are being searched; try again in a moment");
    }
    try {
      var hits = new Hits(query);
      var cutter = new LineCutter(0, LONGEST_LINE);
      for (var bytes = logs.read(build, attempt, 0);
          bytes.length > 0;
          bytes = logs.read(build, attempt, cutter.position())) {
        cutter.add(bytes, hits::look);
      }
      if (cutter.hasRest()) {
        hits.look(cutter.rest());
      }
      return new Found(List.copyOf(hits.lines), hits.total);
    } finally {
      places.release();
    }
  }

  private static final class Hits {
    private final String query;
    private final List<Long> lines = new ArrayList<>();
    private long number;
    private long total;

    Hits(String query) {
      this.query = query;
    }

    void look(LineCutter.Line line) {
      number++;
      if (has(LogHtml.visible(line.text()))) {
        total++;
        if (lines.size() < MOST_HITS && number <= LogIndex.MOST_LINES) {
          lines.add(number);
        }
      }
    }

    private boolean has(String text) {
      for (var i = 0; i <= text.length() - query.length(); i++) {
        if (text.regionMatches(true, i, query, 0, query.length())) {
          return true;
        }
      }
      return false;
    }
  }
}
