package dev.slipway.deploy.console;

import dev.slipway.common.problem.Problem;
import dev.slipway.deploy.console.LogHtml.Chunk;
import dev.slipway.deploy.console.LogReader.Place;
import java.util.ArrayList;
import java.util.List;

/** The end of a log, as much as a page shows of it. */
final class LogTail {
  /** The most lines on a page. */
  static final int MOST_LINES = 5_000;

  private static final int MOST_BYTES = 2_000_000;

  private final LogReader logs;

  LogTail(LogReader logs) {
    this.logs = logs;
  }

  /**
   * What a page begins with.
   *
   * @param cut whether there is more before it
   * @param place where to read on
   */
  public record Tail(List<Chunk> chunks, boolean cut, String place) {}

  Tail of(long build) {
    try {
      return read(build);
    } catch (Problem away) {
      var say = "── " + away.getMessage() + " ──\n";
      return new Tail(List.of(new Chunk(say, 1)), false, Place.START.toString());
    }
  }

  private Tail read(long build) {
    var tail = logs.tail(build, MOST_BYTES);
    if (tail.parts().isEmpty()) {
      return new Tail(List.of(), false, Place.START.toString());
    }
    var html = new LogHtml(Math.max(1, tail.from().attempt()));
    var chunks = new ArrayList<Chunk>();
    tail.parts().forEach(part -> chunks.addAll(html.add(part)));
    var lines = chunks.stream().mapToInt(Chunk::lines).sum();
    var from = 0;
    while (lines > MOST_LINES) {
      lines -= chunks.get(from).lines();
      from++;
    }
    var cut = from > 0 || tail.from().end() > 0 || tail.from().attempt() > 1;
    var end = tail.parts().getLast().place();
    return new Tail(chunks.subList(from, chunks.size()), cut, end.toString());
  }
}
