package dev.slipway.machine.artifact;

import dev.slipway.common.swarm.PieceWish;
import dev.slipway.common.swarm.Swarm.View;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Decides when a machine asks its region for a piece, and for which. As long as there are pieces
 * that nobody was given, it takes them as fast as it can pass them on: so who sends slowly gets
 * few. After that it asks only for what its peers do not give: lost with a machine, or stuck at
 * one.
 *
 * <p>Times are nanoseconds of a clock that only goes on.
 */
final class Appetite {
  /** Pieces that are here and at no peer yet. */
  private static final int MOST_HELD_BACK = 6;

  private static final long LEAST_PATIENCE = TimeUnit.SECONDS.toNanos(2);

  /** Of the time that a download runs: everything takes longer where links are slow. */
  private static final int PATIENCE_PART = 16;

  private final int pieceLength;
  private final long begun;
  private final BitSet dealt = new BitSet();

  /** Since when each piece is missing and at no peer. */
  private final long[] lost;

  private int asked;
  private int missing = Integer.MAX_VALUE;
  private long progressed;
  private boolean allDealt;

  Appetite(int pieces, int pieceLength, long now) {
    this.pieceLength = pieceLength;
    this.begun = now;
    this.progressed = now;
    this.lost = new long[pieces];
    Arrays.fill(lost, now);
  }

  /** The next wish, which counts as asked until {@link #answered} or {@link #nothing}. */
  synchronized Optional<PieceWish> next(View view, long now) {
    note(view, now);
    if (view.missing().isEmpty()) {
      return Optional.empty();
    }
    var lacks = allDealt ? given(view, now) : fresh(view);
    if (lacks.isEmpty()) {
      return Optional.empty();
    }
    asked++;
    return Optional.of(new PieceWish(pieceLength, lacks, allDealt));
  }

  private BitSet fresh(View view) {
    return view.peers() == 0 || heldBack(view) + asked < MOST_HELD_BACK
        ? view.missing()
        : new BitSet();
  }

  private long heldBack(View view) {
    return dealt.stream().filter(p -> !view.missing().get(p) && view.unheld().get(p)).count();
  }

  private BitSet given(View view, long now) {
    var patience = Math.max(LEAST_PATIENCE, (now - begun) / PATIENCE_PART);
    if (now - progressed >= patience) {
      return view.missing();
    }
    var some = new BitSet();
    view.missing().stream().filter(p -> now - lost[p] >= patience).forEach(some::set);
    return some;
  }

  private void note(View view, long now) {
    if (view.missing().cardinality() < missing) {
      missing = view.missing().cardinality();
      progressed = now;
    }
    for (var p = 0; p < lost.length; p++) {
      if (!view.missing().get(p) || !view.unheld().get(p)) {
        lost[p] = now;
      }
    }
  }

  /** A piece is on its way: for a while it is not asked for again. */
  synchronized void comes(int piece, long now) {
    lost[piece] = now;
  }

  /** A piece came. */
  synchronized void answered(int piece) {
    asked--;
    dealt.set(piece);
  }

  /** The answer to a wish was that there is no such piece, which for a fresh one stays so. */
  synchronized void nothing() {
    asked--;
    allDealt = true;
  }

  /** A wish had no answer. */
  synchronized void failed() {
    asked--;
  }
}
