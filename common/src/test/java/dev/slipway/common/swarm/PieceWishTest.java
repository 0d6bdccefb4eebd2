package dev.slipway.common.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.slipway.common.problem.InvalidInput;
import java.net.URI;
import java.util.BitSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class PieceWishTest {
  private static final int PIECE = 16 << 10;
  private static final long TEN = 10 * PIECE;

  @Test
  void a_wish_is_read_as_it_was_told() {
    var lacks = new BitSet();
    lacks.set(0);
    lacks.set(9);
    var address = new PieceWish(PIECE, lacks, true).address(URI.create("http://r/artifacts/a/b"));
    assertThat(address)
        .hasToString("http://r/artifacts/a/b/next?pieceLength=16384&again=true&lacks=AQI");
    assertThat(PieceWish.parse(TEN, PIECE, "AQI", true).lacks()).isEqualTo(lacks);
    assertThat(PieceWish.parse(TEN, PIECE, "", true).lacks().isEmpty()).isTrue();
  }

  @Test
  void pieces_that_do_not_exist_are_refused() {
    refused("lacks", TEN, PIECE, "AQQ");
    refused("lacks", TEN, PIECE, "/w==");
    refused("lacks", TEN, PIECE, "A".repeat(700));
    refused("lacks", TEN, PIECE, "A");
  }

  @Test
  void lengths_that_no_torrent_has_are_refused() {
    refused("pieceLength", TEN, 0, "AQ");
    refused("pieceLength", TEN, -PIECE, "AQ");
    refused("pieceLength", TEN, PIECE - 1, "AQ");
    refused("pieceLength", TEN, (16 << 20) + 1, "AQ");
    refused("pieceLength", 4_097L * PIECE, PIECE, "AQ");
    refused("pieceLength", 0, PIECE, "AQ");
  }

  private static void refused(String field, long size, int pieceLength, String lacks) {
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> PieceWish.parse(size, pieceLength, lacks, false))
        .withMessageContaining(field);
  }

  @Test
  void an_announce_address_tells_whether_pieces_are_dealt() {
    var address = URI.create("http://r/announce/key");
    assertThat(PieceWish.isDealt(address.toString())).isFalse();
    assertThat(PieceWish.isDealt(PieceWish.dealtAt(address).getQuery())).isTrue();
    assertThat(PieceWish.isDealt("pieces=dealt&info_hash=x")).isTrue();
  }
}
