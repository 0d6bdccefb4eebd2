package dev.slipway.machine.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.swarm.PieceWish;
import dev.slipway.common.swarm.Swarm.View;
import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class AppetiteTest {
  private static final int PIECES = 20;
  private static final long SECOND = 1_000_000_000;

  private final BitSet missing = new BitSet();
  private final BitSet unheld = new BitSet();
  private final Appetite appetite = new Appetite(PIECES, 16 << 10, 0);
  private int peers = 3;

  AppetiteTest() {
    missing.set(0, PIECES);
    unheld.set(0, PIECES);
  }

  private Optional<PieceWish> at(double second) {
    var view = new View((BitSet) missing.clone(), (BitSet) unheld.clone(), peers);
    return appetite.next(view, (long) (second * SECOND));
  }

  private void comes(int piece) {
    assertThat(at(0)).isPresent();
    appetite.answered(piece);
    missing.clear(piece);
  }

  @Test
  void it_asks_for_any_piece_that_nobody_was_given() {
    assertThat(at(0))
        .hasValueSatisfying(wish -> {
          assertThat(wish.again()).isFalse();
          assertThat(wish.lacks()).isEqualTo(missing);
        });
  }

  @Test
  void it_takes_no_more_than_it_can_pass_on() {
    for (var piece = 0; piece < 5; piece++) {
      comes(piece);
    }
    assertThat(at(0)).as("five are at no peer yet, one may be asked for").isPresent();
    assertThat(at(0)).isEmpty();
    unheld.clear(2);
    assertThat(at(0)).isPresent();
    assertThat(at(0)).isEmpty();
    appetite.failed();
    assertThat(at(0)).isPresent();
  }

  @Test
  void alone_it_takes_all() {
    peers = 0;
    for (var piece = 0; piece < PIECES; piece++) {
      comes(piece);
    }
    assertThat(at(0)).isEmpty();
  }

  @Test
  void when_all_are_dealt_it_asks_again_only_for_what_no_peer_has() {
    comes(0);
    assertThat(at(1)).isPresent();
    appetite.nothing();
    unheld.clear(2, PIECES);
    assertThat(at(1.9)).as("it may yet come").isEmpty();
    assertThat(at(2))
        .hasValueSatisfying(wish -> {
          assertThat(wish.again()).isTrue();
          assertThat(wish.lacks()).hasToString("{1}");
        });
  }

  @Test
  void a_piece_that_is_on_its_way_is_not_asked_for_again() {
    assertThat(at(0)).isPresent();
    appetite.nothing();
    missing.clear(2, PIECES);
    assertThat(at(1)).isEmpty();
    appetite.comes(0, SECOND);
    assertThat(at(2)).hasValueSatisfying(wish -> assertThat(wish.lacks()).hasToString("{1}"));
  }

  @Test
  void when_nothing_comes_from_those_who_have_it_asks_for_everything() {
    unheld.clear();
    assertThat(at(0)).isPresent();
    appetite.nothing();
    assertThat(at(1.9)).isEmpty();
    missing.clear(0);
    assertThat(at(1.95)).isEmpty();
    assertThat(at(3.9)).isEmpty();
    assertThat(at(3.96)).hasValueSatisfying(wish -> assertThat(wish.lacks()).isEqualTo(missing));
  }

  @Test
  void its_patience_grows_with_the_time_that_a_download_takes() {
    assertThat(at(0)).isPresent();
    appetite.nothing();
    unheld.clear();
    assertThat(at(1_600)).isPresent();
    unheld.set(0);
    missing.clear(1);
    assertThat(at(1_600)).isEmpty();
    assertThat(at(1_690)).isEmpty();
    assertThat(at(1_710)).isPresent();
  }
}
