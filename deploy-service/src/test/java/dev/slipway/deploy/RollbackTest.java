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
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The fast lane back. */
@NullMarked
class RollbackTest {
  private static final DeployRecipe IN_WAVES =
      new DeployRecipe(
          true,
          Order.EVERY,
          List.of(),
          List.of(
              new Wave(List.of(EU), 100, Duration.ZERO),
              new Wave(List.of(EU, US), 100, Duration.ZERO)),
          0,
          true,
          false);

  private final World world = new World();
  private long first;
  private long second;

  @BeforeEach
  void two_builds_were_deployed_well() {
    world.machine(EU, "e1");
    world.machine(US, "u1");
    first = world.ready(IN_WAVES);
    second = world.ready(IN_WAVES);
    deployWell(first);
    deployWell(second);
  }

  private void deployWell(long build) {
    var id = world.deployer.deploy(APP, build, "ann").id();
    world.reconciler.runOnce();
    world.obeys(EU, "e1");
    world.reconciler.runOnce();
    world.obeys(US, "u1");
    world.reconciler.runOnce();
    assertThat(world.deployment(id).status()).isEqualTo(DeploymentStatus.SUCCEEDED);
  }

  @Test
  void one_call_points_all_regions_at_the_build_before_and_pins_the_app() {
    var made = world.rollback.to(APP, null, false, "bob");
    assertThat(made.status()).isEqualTo(DeploymentStatus.ROLLING);
    assertThat(world.target(EU)).isEqualTo(first);
    assertThat(world.target(US)).isEqualTo(first);
    assertThat(world.apps.pinnedBy(APP)).contains("bob");
    assertThat(world.audit().getLast()).isEqualTo("bob rollback app hello ROLLING");
    world.obeys(EU, "e1");
    world.obeys(US, "u1");
    world.reconciler.runOnce();
    assertThat(world.deployment(made.id()).status()).isEqualTo(DeploymentStatus.SUCCEEDED);
    world.ready(IN_WAVES);
    assertThat(world.autoDeploy.runOnce()).as("pinned").isFalse();
    world.deployer.autoDeploy(APP, true, "bob");
    assertThat(world.autoDeploy.runOnce()).as("resumed").isTrue();
  }

  @Test
  void an_excluded_region_is_left_alone_and_follows_with_the_next_deployment() {
    world.jdbc.sql("update region set wanted = false where name = 'us'").update();
    world.rollback.to(APP, null, false, "bob");
    assertThat(world.target(EU)).isEqualTo(first);
    assertThat(world.target(US)).as("its bucket may lack the build").isEqualTo(second);
    world.obeys(EU, "e1");
    world.reconciler.runOnce();
    assertThat(world.deployments.open(APP)).isEmpty();
    world.jdbc.sql("update region set wanted = true where name = 'us'").update();
    world.rollback.to(APP, first, false, "bob");
    assertThat(world.target(US)).isEqualTo(first);
  }

  @Test
  void it_takes_the_place_of_a_deployment_that_rolls() {
    var bad = world.deployer.deploy(APP, world.ready(IN_WAVES), "ann").id();
    world.reconciler.runOnce();
    assertThat(world.target(US)).as("wave 1 alone").isEqualTo(second);
    var back = world.rollback.to(APP, null, false, "bob");
    assertThat(back.build()).isEqualTo(second);
    assertThat(world.deployment(bad).status()).isEqualTo(DeploymentStatus.SUPERSEDED);
    assertThat(world.deployment(bad).successor()).isEqualTo(back.id());
    assertThat(world.target(EU)).isEqualTo(second);
    world.obeys(EU, "e1");
    world.reconciler.runOnce();
    world.reconciler.runOnce();
    assertThat(world.target(EU)).as("what was superseded does nothing more").isEqualTo(second);
  }

  @Test
  void it_goes_by_waves_when_it_is_asked_to() {
    world.rollback.to(APP, first, true, "bob");
    assertThat(world.target(EU)).isEqualTo(first);
    assertThat(world.target(US)).isEqualTo(second);
  }

  @Test
  void it_leaves_regions_alone_that_never_had_the_app() {
    world.jdbc.sql("delete from target where region = 'us'").update();
    world.rollback.to(APP, first, false, "bob");
    assertThat(world.target(EU)).isEqualTo(first);
    assertThat(world.target(US)).isNull();
  }

  @Test
  void neither_a_freeze_nor_a_missing_approval_is_in_its_way() {
    world.freeze(null);
    world.deployer.approval(APP, true, "ada");
    world.rollback.to(APP, null, false, "bob");
    assertThat(world.target(EU)).isEqualTo(first);
  }

  @Test
  void two_who_press_at_once_go_back_once() throws Exception {
    var third = world.ready(IN_WAVES);
    deployWell(third);
    try (var executor = Executors.newFixedThreadPool(4)) {
      var pressed =
          executor.invokeAll(
              List.<Callable<String>>of(
                  () -> press("ann"), () -> press("bob"), () -> press("cid"), () -> press("dee")));
      assertThat(pressed.stream().map(p -> p.resultNow()).sorted().toList())
          .containsExactly(
              "already-rolling-back", "already-rolling-back", "already-rolling-back", "back");
    }
    assertThat(world.target(EU)).isEqualTo(second);
  }

  private String press(String by) {
    try {
      world.rollback.to(APP, null, false, by);
      return "back";
    } catch (Problem refused) {
      return refused.code();
    }
  }

  @Test
  void it_only_goes_back() {
    world.rollback.to(APP, first, false, "bob");
    assertThatThrownBy(() -> world.rollback.to(APP, second, false, "bob"))
        .hasMessageContaining("does not come before build #" + first);
    assertThatThrownBy(() -> world.rollback.to(APP, null, false, "bob"))
        .hasMessageContaining("goes back to build #" + first);
  }

  @Test
  void what_is_unknown_of_another_app_or_no_longer_kept_is_refused() {
    world.rows.app("other");
    var others = world.rows.replicated("other");
    assertThatThrownBy(() -> world.rollback.to(APP, 4711L, false, "bob"))
        .hasMessageContaining("build #4711 of hello does not exist");
    assertThatThrownBy(() -> world.rollback.to(APP, others, false, "bob"))
        .hasMessageContaining("build #" + others + " of hello does not exist");
    world.jdbc.sql("update job set retired_at = now() where id = :id").param("id", first).update();
    assertThatThrownBy(() -> world.rollback.to(APP, first, false, "bob"))
        .hasMessageContaining("is retired");
    assertThatThrownBy(() -> world.rollback.to(APP, null, false, "bob"))
        .hasMessageContaining("no earlier build");
    assertThat(world.target(EU)).isEqualTo(second);
  }

  @Test
  void a_failure_without_a_way_back_says_so_and_is_a_failure() {
    world.jdbc.sql("update job set retired_at = now()").update();
    var bad = world.ready(IN_WAVES);
    world.jdbc.sql("update deployment set status = 'ABORTED'").update();
    var id = world.deployer.deploy(APP, bad, "ann").id();
    world.reconciler.runOnce();
    world.fails(EU, "e1");
    world.reconciler.runOnce();
    assertThat(world.deployment(id).status()).isEqualTo(DeploymentStatus.FAILED);
    assertThat(world.deployment(id).reason())
        .contains("1 of 1 machines failed", "no build to go back to");
    assertThat(world.target(US)).as("only wave 1 ever saw it").isEqualTo(second);
  }
}
