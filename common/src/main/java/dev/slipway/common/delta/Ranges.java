package dev.slipway.common.delta;

import java.util.ArrayList;
import java.util.List;

/**
 * Decides what of a gap is fetched by itself and what is left to the swarm. The swarm moves whole
 * pieces, each out of its source about once however many want it; a range moves what lacks and no
 * more, but its source sends it to everyone who asks. So a piece of which at most half lacks is
 * mended by ranges, unless all of that is more than a quarter of the artifact: then little is
 * alike, and sharing is worth more than sparing.
 */
public final class Ranges {
  private Ranges() {}

  /**
   * The spans to fetch by ranges.
   *
   * @param lacking of whole blocks, in order
   * @param piece bytes of the swarm's pieces, a multiple of the blocks'
   */
  public static List<Span> worthIt(List<Span> lacking, long size, long piece) {
    var worth = new ArrayList<Span>();
    var inPiece = new ArrayList<Span>();
    var current = -1L;
    for (var span : lacking.stream().flatMap(s -> s.cut(piece).stream()).toList()) {
      if (span.from() / piece != current) {
        settle(inPiece, size, piece, worth);
        current = span.from() / piece;
      }
      inPiece.add(span);
    }
    settle(inPiece, size, piece, worth);
    return bytes(worth) > size / 4 ? List.of() : worth;
  }

  private static void settle(List<Span> inPiece, long size, long piece, List<Span> worth) {
    if (!inPiece.isEmpty()) {
      var start = inPiece.getFirst().from() / piece * piece;
      if (bytes(inPiece) <= Math.min(piece, size - start) / 2) {
        worth.addAll(inPiece);
      }
      inPiece.clear();
    }
  }

  /** Bytes of some spans. */
  public static long bytes(List<Span> spans) {
    return spans.stream().mapToLong(Span::length).sum();
  }
}
