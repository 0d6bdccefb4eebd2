package dev.slipway.deploy.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.deploy.console.Cells.Region;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class CellsTest {
  private static Cells of(String east, String west) {
    return new Cells(
        List.of(
            new Region("east", List.of("e1", "e2", "e3"), east),
            new Region("west", List.of("w1", "w2"), west)));
  }

  @Test
  void what_has_turned_is_told_by_region_letter_and_place() {
    assertThat(of("hhf", "dd").turnedSince(of("ddd", "dd")))
        .contains(Map.of("east", Map.of("h", List.of(0, 1), "f", List.of(2))));
  }

  @Test
  void nothing_is_told_where_nothing_has_turned() {
    assertThat(of("hhf", "dd").turnedSince(of("hhf", "dd"))).contains(Map.of());
  }

  @Test
  void other_machines_are_drawn_anew() {
    var grown = new Cells(List.of(new Region("east", List.of("e0", "e1", "e2", "e3"), "nhhf")));
    assertThat(grown.turnedSince(of("hhf", "dd"))).isEmpty();
  }
}
