package dev.slipway.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class ResultsTest {
  private final Results results = new Results();

  @Test
  void a_figure_is_the_median_on_a_line_of_its_own() {
    results.figure("walk.up_ready_s", samples(9, 1, 2.5), "s", 20);
    results.detail("a part of it", samples(1), "s");

    assertThat(results.figures()).containsExactly("RESULT walk.up_ready_s 2.50 s");
  }

  @Test
  void the_median_of_an_even_number_is_between_the_two_in_the_middle() {
    assertThat(samples(4, 1, 2, 9).median()).isEqualTo(3.0);
  }

  @Test
  void the_table_says_whether_a_target_is_met() {
    results.figure("good", samples(19.9), "s", 20);
    results.figure("bad", samples(20), "s", 20);

    assertThat(results.table()).anyMatch(row -> row.startsWith("good") && row.endsWith("met"));
    assertThat(results.table()).anyMatch(row -> row.startsWith("bad") && row.endsWith("MISSED"));
  }

  @Test
  void a_target_may_be_a_least_value() {
    results.figureAtLeast("enough", samples(0.7), "x", 0.7);
    results.figureAbove("not enough", samples(1), "x", 1);
    results.figure("only told", samples(1), "x");

    assertThat(results.table())
        .anyMatch(row -> row.startsWith("enough") && row.endsWith(">= 0.70  met"));
    assertThat(results.table())
        .anyMatch(row -> row.startsWith("not enough") && row.endsWith("> 1.00  MISSED"));
    assertThat(results.table()).anyMatch(row -> row.startsWith("only told") && row.endsWith("x"));
    assertThat(results.figures()).contains("RESULT only told 1.00 x");
  }

  @Test
  void long_names_make_room_for_themselves() {
    var name = "queue.a-system-with-a-long-name.and-a-variant.jobs_per_s.w100";
    results.figure(name, samples(1), "/s");

    assertThat(results.table().get(1)).startsWith(name + "       1.00");
    assertThat(results.table().getFirst().indexOf("median"))
        .isEqualTo(results.table().get(1).indexOf("1.00") - 2);
  }

  private static Samples samples(double... values) {
    var samples = new Samples();
    for (var value : values) {
      samples.add(value);
    }
    return samples;
  }
}
