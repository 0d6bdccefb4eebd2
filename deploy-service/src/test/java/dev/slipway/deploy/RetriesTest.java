package dev.slipway.deploy;

import static dev.slipway.deploy.World.APP;
import static dev.slipway.deploy.World.EU;
import static dev.slipway.deploy.World.US;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.audit.AuditStore;
import dev.slipway.common.problem.Problem;
import dev.slipway.common.recipe.DeployRecipe;
import dev.slipway.common.recipe.DeployRecipe.Order;
import dev.slipway.common.region.RegionName;
import dev.slipway.deploy.DeploymentView.Straggler;
import dev.slipway.deploy.Progress.Standing;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Machines that failed, and another try for them. */
@NullMarked
class RetriesTest {
  private static final DeployRecipe HALF_MAY_FAIL =
      new DeployRecipe(false, Order.EVERY, List.of(), List.of(), 50, false, false);

  private final World world = new World();
  private final DeploymentView view = new DeploymentView(world.targets, world.fleet);
  private final Retries retries =
      new Retries(
          world.deployments,
          view,
          world.targets,
          new AuditStore(world.jdbc),
          new Turns(world.transaction, new TurnStore(world.jdbc), Duration.ZERO));

  private Deployment rollOut() {
    world.machine(EU, "e1");
    world.machine(EU, "e2");
    world.machine(US, "u1");
    world.machine(US, "u2");
    var made = world.deployer.deploy(APP, world.ready(HALF_MAY_FAIL), "ann");
    world.reconciler.runOnce();
    return world.deployment(made.id());
  }

  private long revision(RegionName region) {
    return world.targets.after(region, 0).targets().getFirst().revision();
  }

  @Test
  void a_region_with_failed_machines_gets_its_target_again_and_the_others_are_left_alone() {
    var deployment = rollOut();
    world.obeys(EU, "e1");
    world.fails(EU, "e2");
    var before = revision(EU);
    var other = revision(US);
    var retried = retries.retry(deployment.id(), "ann");
    assertThat(retried.regions()).isEqualTo(Map.of("eu", 1L));
    assertThat(revision(EU)).isGreaterThan(Math.max(before, other));
    assertThat(revision(US)).isEqualTo(other);
    assertThat(world.target(EU)).isEqualTo(deployment.build());
  }

  @Test
  void a_failure_of_before_counts_no_more_and_the_new_try_does() {
    var deployment = rollOut();
    world.fails(EU, "e1");
    retries.retry(deployment.id(), "ann");
    assertThat(view.of(deployment).progress().failed()).isZero();
    world.obeys(EU, "e1");
    assertThat(Objects.requireNonNull(view.of(deployment).regions().get("eu")).healthy())
        .isEqualTo(1);
  }

  @Test
  void nothing_to_retry_is_said_and_changes_nothing() {
    var deployment = rollOut();
    world.obeys(EU, "e1");
    var before = revision(EU);
    assertThatThrownBy(() -> retries.retry(deployment.id(), "ann"))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("no machine has failed");
    assertThat(revision(EU)).isEqualTo(before);
  }

  @Test
  void a_deployment_whose_targets_have_been_replaced_is_not_retried() {
    var deployment = rollOut();
    for (var machine : List.of("e1", "e2")) {
      world.obeys(EU, machine);
    }
    world.obeys(US, "u1");
    world.fails(US, "u2");
    world.reconciler.runOnce();
    assertThat(world.deployment(deployment.id()).status()).isEqualTo(DeploymentStatus.SUCCEEDED);
    world.deployer.deploy(APP, world.ready(HALF_MAY_FAIL), "bob");
    world.reconciler.runOnce();
    world.fails(US, "u2");
    assertThatThrownBy(() -> retries.retry(deployment.id(), "ann"))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("no machine has failed that is still to run");
  }

  @Test
  void one_that_succeeded_in_spite_of_a_failure_is_retried() {
    var deployment = rollOut();
    for (var machine : List.of("e1", "e2")) {
      world.obeys(EU, machine);
    }
    world.obeys(US, "u1");
    world.fails(US, "u2");
    world.reconciler.runOnce();
    assertThat(retries.retry(deployment.id(), "ann").machines()).isEqualTo(1);
  }

  @Test
  void one_that_failed_says_what_to_do_instead() {
    var deployment = rollOut();
    for (var machine : List.of("e1", "e2")) {
      world.fails(EU, machine);
    }
    world.fails(US, "u1");
    world.reconciler.runOnce();
    assertThatThrownBy(() -> retries.retry(deployment.id(), "ann"))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("FAILED: deploy build #" + deployment.build() + " again");
  }

  @Test
  void stragglers_say_why_and_since_when() {
    var deployment = rollOut();
    world.obeys(EU, "e1");
    world.fails(EU, "e2");
    world.obeys(US, "u1");
    world
        .jdbc
        .sql("update machine set seen_at = now() - interval '90 seconds' where id = 'u1'")
        .update();
    var stragglers = view.stragglers(deployment);
    assertThat(stragglers)
        .extracting(Straggler::standing)
        .containsExactly(Standing.FAILED, Standing.UNKNOWN, Standing.PENDING);
    assertThat(stragglers)
        .extracting(Straggler::reason)
        .containsExactly(
            "unhealthy",
            "silent; it was last known to run build #" + deployment.build(),
            "has not been heard on it yet");
    assertThat(stragglers.get(1).seconds()).isGreaterThanOrEqualTo(90);
    assertThat(FleetMachine.of(stragglers.get(1).machine()).state()).isEqualTo("UNKNOWN");
    var states = view.of(deployment).states();
    assertThat(states.get("eu")).isEqualTo(Map.of("FAILED", 1L, "RUNNING", 1L));
    assertThat(states.get("us")).isEqualTo(Map.of("UNKNOWN", 1L, "WAITING", 1L));
  }

  @Test
  void what_is_left_is_told_by_the_pace_so_far() {
    var deployment = rollOut();
    assertThat(view.of(deployment).secondsLeft()).as("nothing is known yet").isNull();
    world.obeys(EU, "e1");
    world.obeys(US, "u1");
    world
        .jdbc
        .sql("update deployment set wave_started_at = now() - interval '100 seconds'")
        .update();
    // one of two machines a region in 100 s: the other takes as long
    assertThat(view.of(world.deployment(deployment.id())).secondsLeft())
        .isNotNull()
        .isBetween(99.0, 120.0);
  }
}
