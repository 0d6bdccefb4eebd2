package dev.slipway.bench.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.bench.plan.Budget.Stage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BudgetTest {
  private final Budget budget =
      new Budget(List.of(new Stage("build", 15, 16, "a"), new Stage("deploy", 5, 4, "b")));

  @Test
  void what_is_left_is_of_the_whole() {
    assertThat(budget.slack()).isEqualTo(10.0);
    assertThat(budget.over()).extracting(Stage::name).containsExactly("build");
  }

  @Test
  void the_table_has_a_row_a_stage_and_the_sum() {
    assertThat(budget.table()).hasSize(5);
    assertThat(budget.table().getLast()).contains("in all").contains("20.00").endsWith("10.00");
  }

  @Test
  void bytes_cost_by_where_they_go() {
    var settings =
        Settings.of(
            Map.of("regions", "2", "machines", "10", "wide-price", "1", "zone-price", "0.5"));

    var egress = Egress.of(settings, 1 << 30, 1, 0.1);

    assertThat(egress.dollars()).isEqualTo(2 * 1.0 + 20 * 0.1 * 0.5);
  }
}
