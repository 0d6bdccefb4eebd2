package dev.slipway.common.delta;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class RangesTest {
  private static final long PIECE = 1 << 20;
  private static final long SIZE = 100 * PIECE;

  @Test
  void a_small_gap_is_fetched_by_itself_and_a_large_one_is_left_to_the_swarm() {
    var small = new Span(3 * PIECE + 4096, 4096);
    var large = new Span(7 * PIECE, PIECE);
    assertThat(Ranges.worthIt(List.of(small, large), SIZE, PIECE)).containsExactly(small);
  }

  @Test
  void gaps_of_one_piece_count_together() {
    var third = new Span(PIECE, PIECE / 3);
    var another = new Span(PIECE + PIECE / 2, PIECE / 3);
    assertThat(Ranges.worthIt(List.of(third, another), SIZE, PIECE)).isEmpty();
    assertThat(Ranges.worthIt(List.of(third), SIZE, PIECE)).containsExactly(third);
  }

  @Test
  void the_ends_of_a_long_gap_are_fetched_and_its_middle_comes_in_pieces() {
    var gap = new Span(PIECE - 8192, 8192 + 3 * PIECE + 4096);
    assertThat(Ranges.worthIt(List.of(gap), SIZE, PIECE))
        .containsExactly(new Span(PIECE - 8192, 8192), new Span(4 * PIECE, 4096));
  }

  @Test
  void the_last_piece_is_measured_by_what_there_is_of_it() {
    var size = SIZE + 10_000;
    assertThat(Ranges.worthIt(List.of(new Span(SIZE, 8192)), size, PIECE)).isEmpty();
    assertThat(Ranges.worthIt(List.of(new Span(SIZE + 8192, 1808)), size, PIECE)).hasSize(1);
  }

  @Test
  void where_little_is_alike_all_is_left_to_the_swarm() {
    var scattered = LongStream.range(0, 100).mapToObj(i -> new Span(i * PIECE, PIECE / 2)).toList();
    assertThat(Ranges.worthIt(scattered, SIZE, PIECE)).isEmpty();
    assertThat(Ranges.worthIt(scattered.subList(0, 50), SIZE, PIECE)).hasSize(50);
  }
}
