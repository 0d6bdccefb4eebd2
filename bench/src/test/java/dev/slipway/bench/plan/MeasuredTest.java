package dev.slipway.bench.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeasuredTest {
  @TempDir Path folder;

  @Test
  void the_last_result_of_a_figure_is_read_whatever_is_around_it() throws Exception {
    var measured = of("# page\nRESULT a.b 1.50 x\ntext\n  RESULT a.b 2.25 x\nRESULT none -0.01 \n");

    assertThat(measured.get("a.b")).isEqualTo(2.25);
    assertThat(measured.get("none")).isEqualTo(-0.01);
    assertThat(measured.find("other")).isEmpty();
  }

  @Test
  void what_nobody_has_measured_is_named() throws Exception {
    var measured = of("nothing");

    assertThatThrownBy(() -> measured.get("fanout.flat24.ratio"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("fanout.flat24.ratio");
  }

  /** The figures that the page shows are enough for the plan. */
  @Test
  void a_plan_can_be_made_of_the_documented_figures() throws Exception {
    var settings = Settings.of(Map.of("machines", "60", "artifact-gb", "0.1"));
    var measured = new Measured(Path.of("../docs/benchmarks.md"));

    var forecast = Forecast.of(settings, measured, 1);

    assertThat(forecast.budget().over()).isEmpty();
    assertThat(forecast.checks()).allMatch(check -> check.error() < 0.5);
    assertThat(forecast.share()).isBetween(0.5, 1.0);
  }

  private Measured of(String text) throws IOException {
    return new Measured(Files.writeString(folder.resolve("page.md"), text));
  }
}
