package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@NullMarked
class FleetStoreTest {
  @ParameterizedTest
  @EnumSource
  void machines_of_a_fleet_that_has_just_arrived_are_read_once_each(NewFleet.Before before)
      throws Exception {
    var fleet = new NewFleet(before);
    assertThat(fleet.rowsHandled(jdbc -> new FleetStore(jdbc).machinesOf(NewFleet.APP)))
        .isBetween((long) NewFleet.MACHINES, 20L * NewFleet.MACHINES);
    assertThat(new FleetStore(fleet.jdbc()).machinesOf(NewFleet.APP)).hasSize(NewFleet.MACHINES);
  }
}
