package dev.slipway.deploy;

import static dev.slipway.deploy.World.APP;
import static dev.slipway.deploy.World.EU;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.app.AppName;
import dev.slipway.common.problem.Problem;
import dev.slipway.common.recipe.DeployRecipe;
import dev.slipway.common.recipe.DeployRecipe.Order;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Freezes, and second persons. */
@NullMarked
class ClearanceTest {
  private static final DeployRecipe AUTO =
      new DeployRecipe(true, Order.EVERY, List.of(), List.of(), 0, false, false);

  private final World world = new World();

  @Test
  void in_a_freeze_nobody_deploys_without_a_reason_which_is_audited() {
    world.freeze(null);
    var build = world.ready(DeployRecipe.BY_HAND);
    assertThatThrownBy(() -> world.deployer.deploy(APP, build, "ann"))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("holidays");
    var made = world.deployer.deploy(APP, build, "ann", "the shop is down");
    world.reconciler.runOnce();
    assertThat(world.deployment(made.id()).status()).isNotEqualTo(DeploymentStatus.PENDING);
    assertThat(
            world.jdbc.sql("select detail from audit").query((row, n) -> row.getString(1)).single())
        .contains("overrides freezes: the shop is down");
  }

  @Test
  void a_freeze_of_one_app_is_none_of_another() {
    world.rows.app("other");
    world.freeze(new AppName("other"));
    world.deployer.deploy(APP, world.ready(DeployRecipe.BY_HAND), "ann");
    assertThatThrownBy(() ->
            world.deployer.deploy(new AppName("other"), world.rows.replicated("other"), "ann"))
        .hasMessageContaining("freeze");
  }

  @Test
  void auto_deploy_waits_for_the_end_of_a_freeze_and_says_so() {
    world.freeze(APP);
    var build = world.ready(AUTO);
    assertThat(world.autoDeploy.runOnce()).isFalse();
    assertThat(world.autoDeploy.held(APP))
        .hasValueSatisfying(held -> {
          assertThat(held.build()).isEqualTo(build);
          assertThat(held.reason())
              .startsWith("waiting for the end of freeze")
              .contains("holidays");
        });
    world.thaw();
    assertThat(world.autoDeploy.runOnce()).isTrue();
  }

  @Test
  void a_freeze_stops_what_has_not_begun_and_lets_go_on_what_has() {
    world.machine(EU, "e1");
    var rolling = world.deployer.deploy(APP, world.ready(DeployRecipe.BY_HAND), "ann").id();
    world.reconciler.runOnce();
    var waiting = world.deployer.deploy(APP, world.ready(DeployRecipe.BY_HAND), "ann").id();
    world.freeze(null);
    world.reconciler.runOnce();
    assertThat(world.deployment(waiting).status()).isEqualTo(DeploymentStatus.PENDING);
    assertThat(world.deployment(waiting).reason()).startsWith("waiting for the end of freeze");
    world.obeys(EU, "e1");
    world.reconciler.runOnce();
    assertThat(world.deployment(rolling).status()).isEqualTo(DeploymentStatus.SUCCEEDED);
    world.thaw();
    world.reconciler.runOnce();
    assertThat(world.deployment(waiting).status()).isNotEqualTo(DeploymentStatus.PENDING);
  }

  @Test
  void a_named_app_waits_for_a_second_person_who_is_not_the_first() {
    world.deployer.approval(APP, true, "ada");
    var id = world.deployer.deploy(APP, world.ready(DeployRecipe.BY_HAND), "ann").id();
    world.reconciler.runOnce();
    assertThat(world.deployment(id).status()).isEqualTo(DeploymentStatus.PENDING);
    assertThat(world.deployment(id).reason())
        .isEqualTo("waiting for the approval of somebody other than ann");
    assertThatThrownBy(() -> world.steering.move(id, Move.APPROVE, "ann"))
        .isInstanceOf(Problem.class)
        .hasMessage("who asked for a deployment may not approve it");
    world.steering.move(id, Move.APPROVE, "bob");
    world.reconciler.runOnce();
    assertThat(world.deployment(id).startedAt()).isNotNull();
    assertThat(world.deployment(id).approvedBy()).isEqualTo("bob");
    assertThat(world.audit())
        .contains(
            "ada approval app hello NEEDED",
            "bob deployment-approve deployment " + id + " PENDING");
  }

  @Test
  void what_auto_deploy_asks_for_needs_somebody_too() {
    world.deployer.approval(APP, true, "ada");
    world.ready(AUTO);
    world.autoDeploy.runOnce();
    world.reconciler.runOnce();
    var made = world.deployments.list(null, Long.MAX_VALUE, 1).getFirst();
    assertThat(made.status()).isEqualTo(DeploymentStatus.PENDING);
    world.steering.move(made.id(), Move.APPROVE, "ann");
    world.reconciler.runOnce();
    assertThat(world.deployment(made.id()).startedAt()).isNotNull();
  }

  @Test
  void approval_of_an_app_that_is_none_is_refused() {
    assertThatThrownBy(() -> world.deployer.approval(new AppName("none"), true, "ada"))
        .hasMessageContaining("app none does not exist");
  }
}
