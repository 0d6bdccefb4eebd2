package dev.slipway.deploy;

import static dev.slipway.deploy.World.APP;
import static dev.slipway.deploy.World.EU;
import static dev.slipway.deploy.World.US;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.machine.Labels;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.recipe.DeployRecipe;
import dev.slipway.common.recipe.DeployRecipe.Order;
import dev.slipway.common.recipe.DeployRecipe.Wave;
import dev.slipway.common.recipe.Gate;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.target.Group;
import dev.slipway.common.target.Target;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Deployments to machines by their labels. */
@NullMarked
class GroupsTest {
  private static final Labels CANARY = Labels.of("canary");
  private static final Wave CANARIES = new Wave(List.of(), 100, Duration.ZERO, CANARY);
  private static final Wave EVERYBODY = new Wave(List.of(), 100, Duration.ZERO);

  private final World world = new World();

  private static DeployRecipe recipe(Labels labels, Wave... waves) {
    return new DeployRecipe(
        false, Order.EVERY, List.of(), List.of(waves), 0, false, false, Gate.PLAIN, null, labels);
  }

  private long rolls(DeployRecipe recipe) {
    var id = world.deployer.deploy(APP, world.ready(recipe), "ann").id();
    world.reconciler.runOnce();
    return id;
  }

  private Target target(RegionName region) {
    return world.targets.after(region, 0).targets().getFirst();
  }

  /** The build that a machine with these labels is told to run. */
  private @Nullable Long told(RegionName region, String machine, String... labels) {
    var release = target(region).releaseFor(new MachineId(machine), Labels.of(labels));
    return release == null ? null : release.build();
  }

  private Progress progress(long deployment) {
    var all = new DeploymentView(world.targets, world.fleet);
    return all.of(world.deployment(deployment)).progress();
  }

  private void obey() {
    world.obeys(EU, "e1");
    world.obeys(EU, "e2");
    world.obeys(US, "u1");
    world.reconciler.runOnce();
  }

  private void machines() {
    world.machine(EU, "e1", "canary", "web");
    world.machine(EU, "e2", "web");
    world.machine(US, "u1", "canary");
  }

  @Test
  void a_wave_for_a_label_reaches_the_machines_that_have_it_and_no_others() {
    machines();
    var before = world.deployment(rolls(recipe(Labels.NONE))).build();
    obey();
    var id = rolls(recipe(Labels.NONE, CANARIES, EVERYBODY));
    var build = world.deployment(id).build();
    assertThat(target(EU).share()).isZero();
    assertThat(target(EU).groups()).containsExactly(new Group(CANARY, 100));
    assertThat(told(EU, "e1", "canary", "web")).isEqualTo(build);
    assertThat(told(EU, "e2", "web")).isEqualTo(before);
    assertThat(told(US, "u1", "canary")).isEqualTo(build);
    assertThat(progress(id)).as("two canaries").isEqualTo(new Progress(0, 0, 0, 2));
    obey();
    assertThat(world.deployment(id).wave()).isEqualTo(1);
    assertThat(target(EU).share()).isEqualTo(100);
    assertThat(target(EU).groups()).as("all have it, so nobody is named").isEmpty();
    assertThat(told(EU, "e2", "web")).isEqualTo(build);
    obey();
    assertThat(world.deployment(id).status()).isEqualTo(DeploymentStatus.SUCCEEDED);
  }

  @Test
  void a_share_is_one_of_the_machines_with_the_labels_and_is_kept_by_those_who_have_it() {
    for (var n = 0; n < 100; n++) {
      world.machine(EU, "e" + n, n < 60 ? "canary" : "web");
    }
    world.machine(US, "u1", "canary");
    var half = new Wave(List.of(EU), 50, Duration.ZERO, CANARY);
    var tenth = new Wave(List.of(EU), 10, Duration.ZERO);
    var id = rolls(recipe(Labels.NONE, half, tenth, EVERYBODY));
    var first = covered(id, 0);
    assertThat(first).hasSizeBetween(15, 45).allMatch(n -> n < 60);
    var second = covered(id, 1);
    assertThat(second).containsAll(first);
    assertThat(second.stream().filter(n -> n >= 60).count()).isBetween(1L, 12L);
    assertThat(progress(id).total()).isEqualTo(first.size());
  }

  /** The numbers of the machines of one region that a wave covers. */
  private List<Integer> covered(long deployment, int wave) {
    var plan = world.deployment(deployment).plan();
    return world.fleet.machinesOf(APP).stream()
        .filter(machine -> plan.covers(wave, APP, machine))
        .map(machine -> Integer.valueOf(machine.machine().value().substring(1)))
        .toList();
  }

  @Test
  void a_wave_for_a_label_that_no_machine_has_waits_says_so_and_fails() {
    world.machine(EU, "e1", "web");
    var id = rolls(recipe(Labels.NONE, CANARIES, EVERYBODY));
    world.reconciler.runOnce();
    assertThat(world.deployment(id).status()).isEqualTo(DeploymentStatus.ROLLING);
    assertThat(world.deployment(id).wave()).isZero();
    assertThat(world.deployment(id).reason()).isEqualTo("no machine has the labels canary");
    world.later(Gate.PLAIN.within().plusMinutes(1));
    world.reconciler.runOnce();
    assertThat(world.deployment(id).status()).isEqualTo(DeploymentStatus.FAILED);
    assertThat(world.deployment(id).reason()).isEqualTo("wave 1: no machine has the labels canary");
    assertThat(told(EU, "e1", "web")).isNull();
  }

  @Test
  void a_machine_that_gets_the_label_is_reached() {
    world.machine(EU, "e1", "web");
    var id = rolls(recipe(Labels.NONE, CANARIES, EVERYBODY));
    world.reconciler.runOnce();
    world.machine(EU, "e1", "web", "canary");
    world.obeys(EU, "e1");
    world.reconciler.runOnce();
    assertThat(world.deployment(id).wave()).isEqualTo(1);
    assertThat(world.deployment(id).reason()).isNull();
  }

  @Test
  void an_app_for_machines_with_a_label_is_told_to_no_others() {
    machines();
    var first = rolls(recipe(Labels.of("web")));
    assertThat(told(EU, "e1", "canary", "web")).isEqualTo(world.deployment(first).build());
    assertThat(told(US, "u1", "canary")).isNull();
    assertThat(progress(first)).isEqualTo(new Progress(0, 0, 0, 2));
    obey();
    assertThat(world.deployment(first).status()).isEqualTo(DeploymentStatus.SUCCEEDED);
    // of the machines that it is for, those that are not reached yet keep the build before
    rolls(recipe(Labels.of("web"), CANARIES, EVERYBODY));
    assertThat(told(EU, "e2", "web")).isEqualTo(world.deployment(first).build());
    assertThat(told(US, "u1", "canary")).isNull();
  }

  @Test
  void a_rollback_reaches_whoever_was_told_to_run_what_is_gone_back_from() {
    machines();
    var first = world.deployment(rolls(recipe(Labels.of("web")))).build();
    obey();
    rolls(recipe(Labels.NONE));
    obey();
    world.rollback.to(APP, null, false, "ann");
    assertThat(told(US, "u1", "canary")).as("it ran the bad one").isEqualTo(first);
    assertThat(told(EU, "e2", "web")).isEqualTo(first);
  }

  @Test
  void a_rollback_leaves_machines_alone_that_the_app_is_not_for() {
    machines();
    rolls(recipe(Labels.of("web")));
    obey();
    rolls(recipe(Labels.of("web")));
    obey();
    world.rollback.to(APP, null, false, "ann");
    assertThat(told(US, "u1", "canary")).isNull();
    obey();
    assertThat(world.deployments.open(APP)).isEmpty();
  }

  @Test
  void counts_are_of_the_machines_with_the_labels_that_are_asked_for() {
    machines();
    var id = rolls(recipe(Labels.NONE));
    var view = new DeploymentView(world.targets, world.fleet);
    assertThat(view.of(world.deployment(id), CANARY).progress().total()).isEqualTo(2);
    assertThat(view.of(world.deployment(id), Labels.of("canary", "web")).progress().total())
        .isEqualTo(1);
    assertThat(view.of(world.deployment(id), Labels.of("gpu")).progress().total()).isZero();
  }
}
