package dev.slipway.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.machine.Limits;
import dev.slipway.common.problem.InvalidInput;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

@NullMarked
class RegionPropertiesTest {
  private static RegionProperties with(Map<String, String> more) {
    var all = new TreeMap<>(more);
    all.put("slipway.region.name", "eu");
    all.put("slipway.region.machine-secret", Region.SECRET);
    return new Binder(new MapConfigurationPropertySource(all))
        .bind("slipway.region", RegionProperties.class)
        .get();
  }

  @Test
  void machines_have_no_limits_unless_some_are_given() {
    assertThat(with(Map.of()).machineLimits()).isEqualTo(Limits.NONE);
    assertThat(
            with(Map.of(
                    "slipway.region.machine-download-limit", "64KB",
                    "slipway.region.machine-upload-limit", "3MB"))
                .machineLimits())
        .isEqualTo(new Limits(64 << 10, 3 << 20));
  }

  @ParameterizedTest
  @ValueSource(strings = {"machine-download-limit", "machine-upload-limit"})
  void a_limit_that_lets_next_to_nothing_through_is_refused_by_its_name(String property) {
    var name = "slipway.region." + property;
    assertThatThrownBy(() -> with(Map.of(name, "63KB")))
        .hasRootCauseInstanceOf(InvalidInput.class)
        .rootCause()
        .hasMessageContaining(name + " must be at least 64KB");
    assertThatThrownBy(() -> with(Map.of(name, "0B"))).rootCause().hasMessageContaining(name);
  }
}
