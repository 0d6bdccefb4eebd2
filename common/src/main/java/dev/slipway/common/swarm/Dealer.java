package dev.slipway.common.swarm;

import dev.slipway.common.artifact.Sha256;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Decides which piece of an artifact a source sends next, so that it sends each of them about once
 * however many ask, and the machines pass them on among themselves. What it forgets, by restart or
 * for want of room, costs some pieces sent once more.
 */
public final class Dealer {
  /** Four bytes a piece each: 3 MB at most. */
  private static final int MOST_ARTIFACTS = 200;

  private record Deck(Sha256 artifact, int pieceLength) {}

  /** How often each piece was dealt; in the order of their last use. Guards itself. */
  private final Map<Deck, int[]> decks = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * Deals the piece that was dealt least often of those that are wished for.
   *
   * @param size bytes of the artifact, for which the wish was parsed
   * @return empty when there is none, or each was dealt before and the wish is not for such
   */
  public OptionalInt deal(Sha256 artifact, long size, PieceWish wish) {
    synchronized (decks) {
      var deck = new Deck(artifact, wish.pieceLength());
      var dealt =
          decks.computeIfAbsent(
              deck, unknown -> new int[(int) Math.ceilDiv(size, wish.pieceLength())]);
      if (decks.size() > MOST_ARTIFACTS) {
        decks.remove(decks.keySet().iterator().next());
      }
      var piece = wish.lacks().stream().reduce((a, b) -> dealt[b] < dealt[a] ? b : a);
      if (piece.isEmpty() || (dealt[piece.getAsInt()] > 0 && !wish.again())) {
        return OptionalInt.empty();
      }
      dealt[piece.getAsInt()]++;
      return piece;
    }
  }
}
