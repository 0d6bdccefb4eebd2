package dev.slipway.deploy;

import static dev.slipway.deploy.World.APP;
import static dev.slipway.deploy.World.EU;
import static dev.slipway.deploy.World.US;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.recipe.DeployRecipe;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What metrics say of deployments. */
@NullMarked
class RolloutsTest {
  private final World world = new World();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Rollouts rollouts =
      new Rollouts(
          world.deployments, new DeploymentView(world.targets, world.fleet), world.fleet, meters);

  private double gauge(String name, String... tags) {
    return meters.get(name).tags(tags).gauge().value();
  }

  @Test
  void machines_are_counted_by_region_and_who_is_late_is_behind() {
    world.machine(EU, "e1");
    world.machine(EU, "e2");
    world.machine(US, "u1");
    world.deployer.deploy(APP, world.ready(DeployRecipe.BY_HAND), "ann");
    rollouts.runOnce();
    assertThat(gauge("slipway.deployments.open", "status", "PENDING")).isEqualTo(1);
    world.reconciler.runOnce();
    world.obeys(EU, "e1");
    world.fails(US, "u1");
    rollouts.runOnce();
    assertThat(gauge("slipway.deployments.open", "status", "ROLLING")).isEqualTo(1);
    assertThat(gauge("slipway.deployment.machines", "region", "eu", "standing", "healthy"))
        .isEqualTo(1);
    assertThat(gauge("slipway.deployment.machines", "region", "eu", "standing", "pending"))
        .isEqualTo(1);
    assertThat(gauge("slipway.deployment.stragglers", "app", "hello", "region", "eu")).isZero();
    assertThat(gauge("slipway.deployment.stragglers", "region", "us")).as("it failed").isEqualTo(1);
    world.jdbc.sql("update deployment set wave_started_at = now() - interval '6 minutes'").update();
    rollouts.runOnce();
    assertThat(gauge("slipway.deployment.stragglers", "region", "eu"))
        .as("on its way for too long")
        .isEqualTo(1);
  }

  @Test
  void what_has_ended_is_counted_once_and_shown_no_more() {
    world.machine(EU, "e1");
    var build = world.ready(DeployRecipe.BY_HAND);
    world.deployer.deploy(APP, build, "ann");
    world.reconciler.runOnce();
    rollouts.runOnce();
    world.obeys(EU, "e1");
    world.reconciler.runOnce();
    rollouts.runOnce();
    assertThat(meters.find("slipway.deployment.machines").gauges()).isEmpty();
    assertThat(gauge("slipway.deployments.open", "status", "ROLLING")).isZero();
    assertThat(ended("succeeded")).isEqualTo(1);
    assertThat(leadTimes()).isEqualTo(1);

    world.reconciler.runOnce();
    assertThat(ended("succeeded")).isEqualTo(1);
    world.deployer.deploy(APP, world.ready(DeployRecipe.BY_HAND), "ann");
    world.reconciler.runOnce();
    world.fails(EU, "e1");
    world.reconciler.runOnce();
    assertThat(ended("failed")).isEqualTo(1);
    assertThat(leadTimes()).as("it came nowhere").isEqualTo(1);
  }

  @Test
  void a_rollback_is_no_push_that_arrives() {
    world.machine(EU, "e1");
    for (var i = 0; i < 2; i++) {
      world.deployer.deploy(APP, world.ready(DeployRecipe.BY_HAND), "ann");
      world.reconciler.runOnce();
      world.obeys(EU, "e1");
      world.reconciler.runOnce();
    }
    world.rollback.to(APP, null, false, "ann");
    world.obeys(EU, "e1");
    world.reconciler.runOnce();
    assertThat(ended("succeeded")).isEqualTo(3);
    assertThat(leadTimes()).isEqualTo(2);
    assertThat(world.meters.get("slipway.lead.stage").tag("stage", "deploy").timer().count())
        .isEqualTo(2);
  }

  private double ended(String outcome) {
    return world.meters.get("slipway.deployments.ended").tag("outcome", outcome).counter().count();
  }

  private long leadTimes() {
    return world.meters.get("slipway.lead.time").tag("app", "hello").timer().count();
  }
}
