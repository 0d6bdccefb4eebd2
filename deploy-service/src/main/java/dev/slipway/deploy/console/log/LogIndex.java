package dev.slipway.deploy.console.log;

import dev.slipway.common.log.BuildLogs;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where the lines of one attempt's log are. Logs only grow, so what was learned once stays true: a
 * look reads on from where the last one ended.
 */
final class LogIndex {
  /** Lines between two marks. */
  static final int STEP = 200;

  /** The lines that are shown: what comes after is counted, and is in the download alone. */
  static final int MOST_LINES = 1_000_000;

  /** Bytes of a line that pages need: any {@value LogHtml#LONGEST_LINE} characters. */
  static final int LONGEST_LINE = 4 * LogHtml.LONGEST_LINE;

  private final BuildLogs logs;
  private final long build;
  private final int attempt;
  private final ReentrantLock reading = new ReentrantLock();
  private final List<Mark> marks = new ArrayList<>(List.of(new Mark(0, AnsiStyle.PLAIN)));
  private final LineCutter cutter = new LineCutter(0, LONGEST_LINE);
  private final LogHtml html = new LogHtml(AnsiStyle.PLAIN);
  private long lines;

  LogIndex(BuildLogs logs, long build, int attempt) {
    this.logs = logs;
    this.build = build;
    this.attempt = attempt;
  }

  /**
   * The beginning of a line.
   *
   * @param start bytes before it
   * @param style that the lines before have left
   */
  record Mark(long start, AnsiStyle style) {}

  /**
   * How much there is.
   *
   * @param lines with one that has not ended
   */
  record Extent(int attempt, long lines, long bytes) {}

  /** Looks for what was printed since the last look. */
  Extent look() {
    reading.lock();
    try {
      for (var bytes = next(); bytes.length > 0; bytes = next()) {
        cutter.add(bytes, this::count);
      }
      return new Extent(attempt, lines + (cutter.hasRest() ? 1 : 0), cutter.position());
    } finally {
      reading.unlock();
    }
  }

  private byte[] next() {
    return logs.read(build, attempt, cutter.position());
  }

  private void count(LineCutter.Line line) {
    lines++;
    if (lines < MOST_LINES) {
      html.skip(line);
      if (lines % STEP == 0) {
        marks.add(new Mark(line.end(), html.style()));
      }
    }
  }

  /**
   * The mark at or before a line, as far as the last look has come.
   *
   * @param line from 0, a multiple of {@link #STEP}
   */
  Mark mark(long line) {
    reading.lock();
    try {
      return marks.get((int) Math.min(line / STEP, marks.size() - 1));
    } finally {
      reading.unlock();
    }
  }
}
