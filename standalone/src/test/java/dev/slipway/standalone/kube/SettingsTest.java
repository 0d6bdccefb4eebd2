package dev.slipway.standalone.kube;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Services are told what they must be told, and nothing that they do not know. */
class SettingsTest {
  @ParameterizedTest
  @MethodSource("dev.slipway.standalone.kube.Overlays#views")
  void services_start_with_what_their_environment_says(View view) {
    assertThat(
            view.workloads()
                .flatMap(Manifest::ours)
                .filter(container -> !Manifest.module(container).equals("machine-agent"))
                .flatMap(container -> Settings.of(view, container).problems().stream()))
        .isEmpty();
  }
}
