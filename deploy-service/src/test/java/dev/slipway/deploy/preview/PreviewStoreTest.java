package dev.slipway.deploy.preview;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.machine.Labels;
import dev.slipway.deploy.NewFleet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class PreviewStoreTest {
  @Test
  void machines_of_a_fleet_that_has_just_arrived_are_read_once_each() throws Exception {
    var fleet = new NewFleet();
    var handled =
        fleet.rowsHandled(jdbc -> {
          var store = new PreviewStore(jdbc);
          var build = store.build(NewFleet.APP, fleet.build).orElseThrow();
          assertThat(store.regions(NewFleet.APP, build, Labels.NONE))
              .extracting(Preview.RegionPreview::machines)
              .containsOnly(NewFleet.MACHINES / 2);
        });
    assertThat(handled).isBetween((long) NewFleet.MACHINES, 20L * NewFleet.MACHINES);
  }
}
