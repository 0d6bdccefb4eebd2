package dev.slipway.deploy;

import static dev.slipway.deploy.World.APP;
import static dev.slipway.deploy.World.EU;
import static dev.slipway.deploy.World.US;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.problem.Problem;
import dev.slipway.common.recipe.DeployRecipe;
import dev.slipway.common.recipe.DeployRecipe.Order;
import dev.slipway.common.recipe.DeployRecipe.Wave;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What people do with a deployment on its way. */
@NullMarked
class SteeringTest {
  private static final DeployRecipe SLOWLY =
      new DeployRecipe(
          false,
          Order.EVERY,
          List.of(),
          List.of(
              new Wave(List.of(EU), 100, Duration.ofHours(1)),
              new Wave(List.of(US), 50, Duration.ofHours(1)),
              new Wave(List.of(US), 100, Duration.ofHours(1))),
          0,
          false,
          false);

  private final World world = new World();
  private long id;

  @BeforeEach
  void rolling() {
    world.machine(EU, "e1");
    world.machine(US, "u1");
    id = world.deployer.deploy(APP, world.ready(SLOWLY), "ann").id();
    world.reconciler.runOnce();
  }

  private Deployment now() {
    return world.deployment(id);
  }

  @Test
  void nothing_moves_while_it_is_paused_and_the_wave_is_judged_anew_afterwards() {
    world.obeys(EU, "e1");
    world.reconciler.runOnce();
    world.steering.move(id, Move.PAUSE, "bob");
    world.later(Duration.ofHours(2));
    assertThat(world.reconciler.runOnce()).isFalse();
    assertThat(now().status()).isEqualTo(DeploymentStatus.PAUSED);
    world.steering.move(id, Move.RESUME, "bob");
    world.reconciler.runOnce();
    world.reconciler.runOnce();
    assertThat(world.target(US)).as("the pause was no bake").isNull();
    assertThat(now().status())
        .as("nor was it counted as a delay")
        .isEqualTo(DeploymentStatus.ROLLING);
    world.later(Duration.ofHours(2));
    world.reconciler.runOnce();
    assertThat(world.target(US)).isNotNull();
  }

  @Test
  void promoting_skips_the_bake_of_one_wave_but_not_its_health() {
    world.steering.move(id, Move.PROMOTE, "bob");
    world.reconciler.runOnce();
    assertThat(world.target(US)).isNull();
    world.obeys(EU, "e1");
    world.reconciler.runOnce();
    assertThat(world.target(US)).isNotNull();
    world.obeys(US, "u1");
    world.reconciler.runOnce();
    assertThat(now().wave()).as("the next wave bakes").isEqualTo(1);
  }

  @Test
  void promoting_to_all_waits_for_no_wave_and_succeeds_only_once_all_are_well() {
    world.steering.move(id, Move.PROMOTE_ALL, "bob");
    world.reconciler.runOnce();
    assertThat(now().wave()).isEqualTo(2);
    assertThat(world.targets.after(US, 0).targets().getFirst().share()).isEqualTo(100);
    world.obeys(EU, "e1");
    world.reconciler.runOnce();
    assertThat(now().status()).isEqualTo(DeploymentStatus.ROLLING);
    world.obeys(US, "u1");
    world.reconciler.runOnce();
    assertThat(now().status()).isEqualTo(DeploymentStatus.SUCCEEDED);
  }

  @Test
  void aborting_leaves_targets_as_they_are_for_good() {
    world.steering.move(id, Move.ABORT, "bob");
    var build = now().build();
    world.obeys(EU, "e1");
    world.later(Duration.ofHours(2));
    world.reconciler.runOnce();
    assertThat(now().status()).isEqualTo(DeploymentStatus.ABORTED);
    assertThat(world.target(EU)).isEqualTo(build);
    assertThat(world.target(US)).isNull();
  }

  @Test
  void every_move_is_audited_and_what_the_state_forbids_is_refused() {
    world.steering.move(id, Move.PAUSE, "bob");
    assertThatThrownBy(() -> world.steering.move(id, Move.PROMOTE, "bob"))
        .isInstanceOf(Problem.class)
        .hasMessage("deployment " + id + " is PAUSED; promote takes one that is [ROLLING]");
    world.steering.move(id, Move.RESUME, "cid");
    world.steering.move(id, Move.ABORT, "bob");
    for (var move : List.of(Move.PAUSE, Move.RESUME, Move.PROMOTE_ALL, Move.ABORT, Move.APPROVE)) {
      assertThatThrownBy(() -> world.steering.move(id, move, "bob")).isInstanceOf(Problem.class);
    }
    assertThatThrownBy(() -> world.steering.move(4711, Move.ABORT, "bob"))
        .hasMessageContaining("deployment 4711 does not exist");
    assertThat(world.audit())
        .containsExactly(
            "ann deploy build " + now().build() + " PENDING",
            "bob deployment-pause deployment " + id + " PAUSED",
            "cid deployment-resume deployment " + id + " ROLLING",
            "bob deployment-abort deployment " + id + " ABORTED");
  }
}
