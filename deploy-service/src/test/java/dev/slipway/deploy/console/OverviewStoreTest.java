package dev.slipway.deploy.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.deploy.NewFleet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@NullMarked
class OverviewStoreTest {
  @ParameterizedTest
  @EnumSource
  void machines_of_a_fleet_that_has_just_arrived_are_read_once_each(NewFleet.Before before)
      throws Exception {
    var fleet = new NewFleet(before);
    assertThat(fleet.rowsHandled(jdbc -> new OverviewStore(jdbc).latestDeployments()))
        .isBetween((long) NewFleet.MACHINES, 20L * NewFleet.MACHINES);
    assertThat(new OverviewStore(fleet.jdbc()).latestDeployments())
        .singleElement()
        .satisfies(latest -> assertThat(latest.progress().total()).isEqualTo(NewFleet.MACHINES));
  }
}
