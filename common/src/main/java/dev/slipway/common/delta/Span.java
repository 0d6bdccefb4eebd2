package dev.slipway.common.delta;

import java.util.ArrayList;
import java.util.List;

/** A range of an artifact's bytes. */
public record Span(long from, long length) {
  /** The byte after the last. */
  public long end() {
    return from + length;
  }

  /** The same bytes, cut wherever the artifact is cut into pieces of so many bytes. */
  List<Span> cut(long piece) {
    var parts = new ArrayList<Span>();
    for (var at = from; at < end(); ) {
      var next = Math.min(end(), (at / piece + 1) * piece);
      parts.add(new Span(at, next - at));
      at = next;
    }
    return parts;
  }
}
