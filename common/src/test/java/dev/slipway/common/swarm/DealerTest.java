package dev.slipway.common.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.artifact.Sha256;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class DealerTest {
  private static final int PIECE = 16 << 10;
  private static final int SIZE = 10 * PIECE - 1;
  private static final Sha256 ARTIFACT = new Sha256("a".repeat(64));

  private final Dealer dealer = new Dealer();

  private int deal(boolean again, int... lacks) {
    var wish = new PieceWish(PIECE, bits(lacks), again);
    return dealer.deal(ARTIFACT, SIZE, wish).orElse(-1);
  }

  private static BitSet bits(int... pieces) {
    var bits = new BitSet();
    for (var piece : pieces) {
      bits.set(piece);
    }
    return bits;
  }

  private static int[] all() {
    return IntStream.range(0, 10).toArray();
  }

  @Test
  void each_piece_is_dealt_once_whoever_asks() {
    var dealt = IntStream.range(0, 10).map(i -> deal(false, all())).toArray();
    assertThat(dealt).containsExactlyInAnyOrder(all());
    assertThat(deal(false, all())).isEqualTo(-1);
  }

  @Test
  void only_pieces_that_are_lacked_are_dealt() {
    assertThat(deal(false, 7)).isEqualTo(7);
    assertThat(deal(false, 7)).isEqualTo(-1);
    assertThat(deal(true)).isEqualTo(-1);
  }

  @Test
  void lost_pieces_are_dealt_again_the_least_often_dealt_first() {
    deal(false, 3);
    deal(true, 3);
    deal(false, 4);
    assertThat(deal(true, 3, 4)).isEqualTo(4);
    assertThat(deal(true, 3, 4, 5)).isEqualTo(5);
    assertThat(deal(true, 3)).isEqualTo(3);
  }

  @Test
  void artifacts_are_dealt_apart_and_the_longest_unused_is_forgotten() {
    deal(false, 0);
    for (var i = 0; i < 200; i++) {
      var other = new Sha256("%064x".formatted(i));
      assertThat(dealer.deal(other, SIZE, new PieceWish(PIECE, bits(0), false))).hasValue(0);
    }
    assertThat(deal(false, 0)).isZero();
  }
}
