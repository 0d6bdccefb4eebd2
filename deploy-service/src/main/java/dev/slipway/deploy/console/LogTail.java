package dev.slipway.deploy.console;

import dev.slipway.deploy.console.LogHtml.Chunk;
import dev.slipway.deploy.console.LogStore.Place;
import java.util.ArrayList;
import java.util.List;

/** The end of a log, as much as a page shows of it. */
final class LogTail {
  /** The most lines on a page. */
  static final int MOST_LINES = 5_000;

  private static final int MOST_BYTES = 2_000_000;

  private final LogStore logs;

  LogTail(LogStore logs) {
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
    var parts = logs.tail(build, MOST_BYTES);
    if (parts.isEmpty()) {
      return new Tail(List.of(), false, Place.START.toString());
    }
    var first = parts.getFirst().place();
    var html = new LogHtml(first.attempt());
    var chunks = new ArrayList<Chunk>();
    parts.forEach(part -> chunks.addAll(html.add(part)));
    var lines = chunks.stream().mapToInt(Chunk::lines).sum();
    var from = 0;
    while (lines > MOST_LINES) {
      lines -= chunks.get(from).lines();
      from++;
    }
    var cut = from > 0 || first.part() > 0 || first.attempt() > 1;
    return new Tail(chunks.subList(from, chunks.size()), cut, parts.getLast().place().toString());
  }
}
