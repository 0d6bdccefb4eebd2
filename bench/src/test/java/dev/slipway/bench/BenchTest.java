package dev.slipway.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class BenchTest {
  private static String said = "";

  @Test
  void an_unknown_name_is_refused_with_the_known_ones() {
    assertThat(execute("wlak")).isEqualTo(2);
    assertThat(said)
        .contains("no benchmark 'wlak'")
        .contains(
            "there is: cli, day, delta, drill-deploy, drill-ha, drill-workers, fanout, fleet, machine, plan, publish, queue, walk");
  }

  @Test
  void a_port_outside_the_range_is_refused() {
    assertThat(execute("walk", "--port", "80")).isEqualTo(2);
    assertThat(said).contains("--port").contains("1024 to 60000");
  }

  @Test
  void without_a_name_nothing_runs() {
    assertThat(execute()).isEqualTo(2);
  }

  private static int execute(String... arguments) {
    var console = System.err;
    var caught = new ByteArrayOutputStream();
    System.setErr(new PrintStream(caught, true, StandardCharsets.UTF_8));
    try {
      return Bench.execute(arguments);
    } finally {
      System.setErr(console);
      said = caught.toString(StandardCharsets.UTF_8);
    }
  }
}
