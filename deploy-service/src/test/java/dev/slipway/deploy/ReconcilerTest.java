package dev.slipway.deploy;

import static dev.slipway.deploy.World.APP;
import static dev.slipway.deploy.World.EU;
import static dev.slipway.deploy.World.US;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.problem.Problem;
import dev.slipway.common.recipe.DeployRecipe;
import dev.slipway.common.recipe.DeployRecipe.Order;
import dev.slipway.common.recipe.DeployRecipe.Wave;
import dev.slipway.common.region.RegionName;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class ReconcilerTest {
  private static final DeployRecipe IN_WAVES =
      new DeployRecipe(
          false,
          Order.EVERY,
          List.of(),
          List.of(
              new Wave(List.of(EU), 100, Duration.ZERO),
              new Wave(List.of(EU, US), 100, Duration.ZERO)),
          0,
          false,
          false);

  private final World world = new World();

  @Test
  void a_deployment_succeeds_once_every_machine_runs_the_build() {
    world.machine(EU, "e1");
    world.machine(US, "u1");
    var build = world.ready(DeployRecipe.BY_HAND);
    var id = world.deployer.deploy(APP, build, "ann").id();
    world.reconciler.runOnce();
    assertThat(world.target(EU)).isEqualTo(build);
    world.obeys(EU, "e1");
    world.reconciler.runOnce();
    assertThat(world.deployment(id).status()).isEqualTo(DeploymentStatus.ROLLING);
    world.obeys(US, "u1");
    world.reconciler.runOnce();
    assertThat(world.deployment(id).status()).isEqualTo(DeploymentStatus.SUCCEEDED);
    assertThat(world.reconciler.runOnce()).isFalse();
  }

  @Test
  void a_wave_waits_for_the_health_of_the_one_before() {
    world.machine(EU, "e1");
    world.machine(US, "u1");
    var id = world.deployer.deploy(APP, world.ready(IN_WAVES), "ann").id();
    world.reconciler.runOnce();
    assertThat(world.target(US)).isNull();
    world.reconciler.runOnce();
    assertThat(world.target(US)).isNull();
    world.obeys(EU, "e1");
    world.reconciler.runOnce();
    assertThat(world.target(US)).isNotNull();
    assertThat(world.deployment(id).wave()).isEqualTo(1);
  }

  @Test
  void a_share_of_machines_takes_the_build_and_the_others_keep_theirs() {
    var first = world.ready(DeployRecipe.BY_HAND);
    world.deployer.deploy(APP, first, "ann");
    world.reconciler.runOnce();
    world.reconciler.runOnce();
    var half =
        new DeployRecipe(
            false,
            Order.EVERY,
            List.of(),
            List.of(new Wave(List.of(), 50, Duration.ZERO)),
            0,
            false,
            false);
    var second = world.ready(half);
    world.deployer.deploy(APP, second, "ann");
    world.reconciler.runOnce();
    var target = world.targets.after(EU, 0).targets().getFirst();
    assertThat(target.share()).isEqualTo(50);
    assertThat(target.release().build()).isEqualTo(second);
    assertThat(target.previous())
        .isNotNull()
        .satisfies(p -> assertThat(p.build()).isEqualTo(first));
  }

  @Test
  void too_many_failures_stop_the_deployment_and_go_back_if_the_app_says_so() {
    world.machine(EU, "e1");
    var first = world.ready(DeployRecipe.BY_HAND);
    world.deployer.deploy(APP, first, "ann");
    world.reconciler.runOnce();
    world.obeys(EU, "e1");
    world.reconciler.runOnce();
    var second =
        world.ready(new DeployRecipe(true, Order.EVERY, List.of(), List.of(), 0, true, false));
    var id = world.deployer.deploy(APP, second, "ann").id();
    world.reconciler.runOnce();
    world.fails(EU, "e1");
    world.reconciler.runOnce();
    assertThat(world.deployment(id).status()).isEqualTo(DeploymentStatus.FAILED);
    assertThat(world.deployment(id).reason()).contains("1 of 1 machines failed");
    world.reconciler.runOnce();
    assertThat(world.target(EU)).isEqualTo(first);
    assertThat(world.deployments.list(null, Long.MAX_VALUE, 1).getFirst().cause())
        .isEqualTo(Cause.ROLLBACK);
    world.ready(new DeployRecipe(true, Order.EVERY, List.of(), List.of(), 0, true, false));
    assertThat(world.autoDeploy.runOnce()).as("a rollback pins the app").isFalse();
  }

  @Test
  void a_silent_machine_is_never_counted_as_healthy() {
    world.machine(EU, "e1");
    var id = world.deployer.deploy(APP, world.ready(DeployRecipe.BY_HAND), "ann").id();
    world.reconciler.runOnce();
    world.obeys(EU, "e1");
    world.jdbc.sql("update machine set seen_at = now() - interval '61 seconds'").update();
    world.reconciler.runOnce();
    assertThat(world.deployment(id).status()).isEqualTo(DeploymentStatus.ROLLING);
    world.later(Duration.ofMinutes(31));
    world.reconciler.runOnce();
    assertThat(world.deployment(id).status()).isEqualTo(DeploymentStatus.FAILED);
  }

  @Test
  void a_later_deployment_supersedes_an_earlier_one() {
    world.machine(EU, "e1");
    var first = world.deployer.deploy(APP, world.ready(DeployRecipe.BY_HAND), "ann").id();
    world.reconciler.runOnce();
    var second = world.deployer.deploy(APP, world.ready(DeployRecipe.BY_HAND), "bob").id();
    world.reconciler.runOnce();
    assertThat(world.deployment(first).status()).isEqualTo(DeploymentStatus.SUPERSEDED);
    assertThat(world.deployment(first).reason()).contains("deployment " + second);
    assertThat(world.deployment(second).status()).isEqualTo(DeploymentStatus.ROLLING);
  }

  @Test
  void a_build_that_is_not_replicated_is_refused() {
    var build = world.rows.succeeded("hello", "a".repeat(64), "AAAAAA==", 1);
    assertThatThrownBy(() -> world.deployer.deploy(APP, build, "ann"))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("not replicated");
  }

  @Test
  void a_build_is_not_deployable_while_a_wanted_regions_copy_is_corrupt() {
    var build = world.ready(DeployRecipe.BY_HAND);
    world
        .jdbc
        .sql("update replica set status = 'CORRUPT', problem = 'gone' where region = 'us'")
        .update();
    assertThatThrownBy(() -> world.deployer.deploy(APP, build, "ann"))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("not replicated");
    world.jdbc.sql("update region set wanted = false where name = 'us'").update();
    world.deployer.deploy(APP, build, "ann");
  }

  @Test
  void a_build_is_not_deployable_while_a_wanted_region_lacks_it() {
    var build = world.ready(DeployRecipe.BY_HAND);
    world.jdbc.sql("insert into region (name, bucket) values ('ap', 'file:///tmp/none')").update();
    assertThatThrownBy(() -> world.deployer.deploy(APP, build, "ann"))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("not replicated");
  }

  @Test
  void an_excluded_region_is_left_out() {
    world.jdbc.sql("update region set wanted = false where name = 'us'").update();
    var both = List.of(EU, US);
    var build = world.ready(new DeployRecipe(false, Order.EVERY, both, List.of(), 0, false, false));
    world.deployer.deploy(APP, build, "ann");
    world.reconciler.runOnce();
    assertThat(world.target(EU)).isEqualTo(build);
    assertThat(world.target(US)).isNull();
  }

  @Test
  void a_region_that_is_excluded_meanwhile_is_not_waited_for() {
    world.machine(EU, "e1");
    world.machine(US, "u1");
    var build = world.ready(DeployRecipe.BY_HAND);
    var id = world.deployer.deploy(APP, build, "ann").id();
    world.reconciler.runOnce();
    world.obeys(EU, "e1");
    world.reconciler.runOnce();
    assertThat(world.deployment(id).status()).isEqualTo(DeploymentStatus.ROLLING);
    world.jdbc.sql("update region set wanted = false where name = 'us'").update();
    world.reconciler.runOnce();
    assertThat(world.deployment(id).status()).isEqualTo(DeploymentStatus.SUCCEEDED);
    assertThat(world.target(US)).as("for its machines when they are back").isEqualTo(build);
  }

  @Test
  void a_plan_for_a_region_that_is_none_is_refused() {
    var mars = List.of(new RegionName("mars"));
    var build = world.ready(new DeployRecipe(false, Order.EVERY, mars, List.of(), 0, false, false));
    assertThatThrownBy(() -> world.deployer.deploy(APP, build, "ann"))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("mars");
  }
}
