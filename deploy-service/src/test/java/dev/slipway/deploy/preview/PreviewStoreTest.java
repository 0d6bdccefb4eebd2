package dev.slipway.deploy.preview;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.machine.Labels;
import dev.slipway.deploy.NewFleet;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;

@NullMarked
class PreviewStoreTest {
  @ParameterizedTest
  @EnumSource
  void machines_of_a_fleet_that_has_just_arrived_are_read_once_each(NewFleet.Before before)
      throws Exception {
    var fleet = new NewFleet(before);
    assertThat(fleet.rowsHandled(jdbc -> regions(jdbc, fleet.build)))
        .isBetween((long) NewFleet.MACHINES, 20L * NewFleet.MACHINES);
    assertThat(regions(fleet.jdbc(), fleet.build))
        .extracting(Preview.RegionPreview::machines)
        .containsOnly(NewFleet.MACHINES / 2);
  }

  private static List<Preview.RegionPreview> regions(JdbcClient jdbc, long build) {
    var store = new PreviewStore(jdbc);
    return store.regions(NewFleet.APP, store.build(NewFleet.APP, build).orElseThrow(), Labels.NONE);
  }
}
