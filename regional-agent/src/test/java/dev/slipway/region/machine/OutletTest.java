package dev.slipway.region.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.problem.Problem;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class OutletTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  @Test
  void one_reader_too_many_is_sent_away_until_another_is_through() throws Exception {
    var outlet = new Outlet(1 << 30, 2, meters);
    var content = outlet.of((from, length) -> new ByteArrayInputStream(new byte[(int) length]));
    var first = content.open(0, 10);
    try (var second = content.open(0, 10)) {
      assertThatThrownBy(() -> content.open(0, 10).close())
          .isInstanceOfSatisfying(
              Problem.class, refused -> assertThat(refused.status()).isEqualTo(503));
      assertThat(second.readAllBytes()).hasSize(10);
    }
    first.close();
    first.close();
    try (var one = content.open(0, 1);
        var two = content.open(0, 1)) {
      assertThat(one.read() + two.read()).isZero();
      assertThatThrownBy(() -> content.open(0, 1).close()).isInstanceOf(Problem.class);
    }
    assertThat(meters.counter("slipway.outlet.refused").count()).isEqualTo(2);
    assertThat(meters.counter("slipway.outlet.bytes").count()).isEqualTo(12);
  }

  @Test
  void what_cannot_be_opened_takes_no_place() throws Exception {
    var outlet = new Outlet(1 << 30, 1, meters);
    var broken =
        outlet.of((from, length) -> {
          throw new IOException("gone");
        });
    assertThatThrownBy(() -> broken.open(0, 1).close()).hasMessage("gone");
    try (var one = outlet.of((from, length) -> new ByteArrayInputStream(new byte[1])).open(0, 1)) {
      assertThat(one.read()).isZero();
    }
  }
}
