package dev.slipway.deploy.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.deploy.NewFleet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class OverviewStoreTest {
  @Test
  void machines_of_a_fleet_that_has_just_arrived_are_read_once_each() throws Exception {
    var fleet = new NewFleet();
    var handled =
        fleet.rowsHandled(jdbc ->
            assertThat(new OverviewStore(jdbc).latestDeployments())
                .singleElement()
                .satisfies(
                    latest -> assertThat(latest.progress().total()).isEqualTo(NewFleet.MACHINES)));
    assertThat(handled).isBetween((long) NewFleet.MACHINES, 20L * NewFleet.MACHINES);
  }
}
