package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class FleetStoreTest {
  @Test
  void machines_of_a_fleet_that_has_just_arrived_are_read_once_each() throws Exception {
    var handled =
        new NewFleet()
            .rowsHandled(jdbc ->
                assertThat(new FleetStore(jdbc).machinesOf(NewFleet.APP))
                    .hasSize(NewFleet.MACHINES));
    assertThat(handled).isBetween((long) NewFleet.MACHINES, 20L * NewFleet.MACHINES);
  }
}
