package dev.slipway.deploy;

import static dev.slipway.deploy.World.APP;
import static dev.slipway.deploy.World.EU;
import static dev.slipway.deploy.World.US;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.machine.Labels;
import dev.slipway.common.recipe.DeployRecipe;
import dev.slipway.common.recipe.DeployRecipe.Order;
import dev.slipway.common.recipe.DeployRecipe.Wave;
import dev.slipway.common.recipe.Gate;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a wave must show before the next. */
@NullMarked
class GateTest {
  private static final Duration BAKE = Duration.ofMinutes(10);
  private static final Duration WITHIN = Duration.ofMinutes(5);

  private final World world = new World();

  @BeforeEach
  void machines() {
    for (var n = 1; n <= 4; n++) {
      world.machine(EU, "e" + n);
    }
    world.machine(US, "u1");
  }

  private long rolling(@Nullable Integer minHealthy, @Nullable Integer maxRestarts) {
    var recipe =
        new DeployRecipe(
            false,
            Order.EVERY,
            List.of(),
            List.of(new Wave(List.of(EU), 100, BAKE), new Wave(List.of(US), 100, Duration.ZERO)),
            25,
            false,
            false,
            new Gate(minHealthy, maxRestarts, WITHIN, null),
            null,
            Labels.NONE);
    var id = world.deployer.deploy(APP, world.ready(recipe), "ann").id();
    world.reconciler.runOnce();
    return id;
  }

  private void obey(int machines) {
    for (var n = 1; n <= machines; n++) {
      world.obeys(EU, "e" + n);
    }
    world.reconciler.runOnce();
  }

  private void pass(Duration time) {
    world.later(time);
    world.reconciler.runOnce();
  }

  @Test
  void a_wave_bakes_before_the_next() {
    rolling(null, null);
    obey(4);
    pass(BAKE.minusMinutes(1));
    assertThat(world.target(US)).isNull();
    pass(Duration.ofMinutes(2));
    assertThat(world.target(US)).isNotNull();
  }

  @Test
  void the_bake_begins_anew_when_a_wave_was_ill_meanwhile() {
    var id = rolling(null, null);
    obey(4);
    pass(BAKE.minusMinutes(1));
    world.fails(EU, "e1");
    world.machine(EU, "e5");
    world.reconciler.runOnce();
    assertThat(world.deployment(id).waveIllAt()).isNotNull();
    world.obeys(EU, "e1");
    world.obeys(EU, "e5");
    world.reconciler.runOnce();
    pass(Duration.ofMinutes(2));
    assertThat(world.target(US)).isNull();
    pass(BAKE);
    assertThat(world.target(US)).isNotNull();
  }

  @Test
  void a_long_bake_is_no_reason_to_fail_but_a_long_illness_is() {
    var id = rolling(null, null);
    obey(4);
    pass(WITHIN.plusMinutes(1));
    world.machine(EU, "e5");
    world.machine(EU, "e6");
    world.reconciler.runOnce();
    assertThat(world.deployment(id).status()).isEqualTo(DeploymentStatus.ROLLING);
    pass(WITHIN.plusMinutes(1));
    assertThat(world.deployment(id).status()).isEqualTo(DeploymentStatus.FAILED);
    assertThat(world.deployment(id).reason())
        .isEqualTo("wave 1: 2 of 6 machines did not run it after 5m");
    assertThat(world.target(US)).isNull();
  }

  @Test
  void a_share_of_healthy_machines_is_enough_where_the_recipe_says_so() {
    rolling(75, null);
    obey(2);
    pass(WITHIN.minusMinutes(1));
    assertThat(world.target(US)).isNull();
    obey(3);
    pass(BAKE);
    assertThat(world.target(US)).as("one machine is still on its way").isNotNull();
  }

  @Test
  void more_failures_than_may_be_end_it_at_once() {
    var id = rolling(null, null);
    world.fails(EU, "e1");
    obey(0);
    assertThat(world.deployment(id).status()).isEqualTo(DeploymentStatus.ROLLING);
    world.fails(EU, "e2");
    world.reconciler.runOnce();
    assertThat(world.deployment(id).reason()).isEqualTo("wave 1: 2 of 4 machines failed");
  }

  @Test
  void an_app_that_ends_again_and_again_has_failed_though_it_runs() {
    var id = rolling(null, 2);
    obey(4);
    world.limps(EU, "e1", 2);
    world.limps(EU, "e2", 3);
    world.limps(EU, "e3", 7);
    world.reconciler.runOnce();
    assertThat(world.deployment(id).status()).isEqualTo(DeploymentStatus.FAILED);
    assertThat(world.deployment(id).reason()).contains("2 of 4 machines failed");
  }

  @Test
  void restarts_count_for_nothing_unless_the_recipe_says_so() {
    var id = rolling(null, null);
    obey(4);
    world.limps(EU, "e1", 1_000);
    world.limps(EU, "e2", 1_000);
    pass(BAKE);
    assertThat(world.deployment(id).status()).isEqualTo(DeploymentStatus.ROLLING);
    assertThat(world.target(US)).isNotNull();
  }
}
