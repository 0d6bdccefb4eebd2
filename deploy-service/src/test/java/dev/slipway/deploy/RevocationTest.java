package dev.slipway.deploy;

import static dev.slipway.deploy.World.APP;
import static dev.slipway.deploy.World.EU;
import static dev.slipway.deploy.World.US;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.machine.Labels;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.machine.MachineReport;
import dev.slipway.common.recipe.DeployRecipe;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.target.FleetReport;
import dev.slipway.common.target.Revoked;
import dev.slipway.common.target.Target;
import dev.slipway.deploy.machine.RevocationStore;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Machines that are taken out of the fleet. */
@NullMarked
class RevocationTest {
  private final World world = new World();
  private final RevocationStore revocations = new RevocationStore(world.jdbc);
  private final TargetFeed feed = new TargetFeed(world.targets, revocations);

  private boolean revoke(RegionName region, String machine) {
    return Boolean.TRUE.equals(
        world.transaction.execute(t -> revocations.revoke(region, new MachineId(machine), "ada")));
  }

  private void hear(RegionName region, String machine, long epoch) {
    var report =
        new MachineReport(
            new MachineId(machine), "a", List.of(), Labels.NONE, epoch, 0, 0, List.of());
    world.fleet.take(region, new FleetReport(List.of(report)));
  }

  private List<String> machines() {
    return world.fleet.machinesOf(APP).stream().map(m -> m.machine().value()).toList();
  }

  @Test
  void a_machine_that_is_gone_for_good_no_longer_holds_up_a_deployment() {
    world.machine(EU, "e1");
    world.machine(EU, "gone");
    world
        .jdbc
        .sql("update machine set seen_at = now() - interval '1 day' where id = 'gone'")
        .update();
    var build = world.ready(DeployRecipe.BY_HAND);
    var id = world.deployer.deploy(APP, build, "ann").id();
    world.reconciler.runOnce();
    world.obeys(EU, "e1");
    world.reconciler.runOnce();
    assertThat(world.deployment(id).status()).isEqualTo(DeploymentStatus.ROLLING);
    assertThat(revoke(EU, "gone")).isTrue();
    world.reconciler.runOnce();
    assertThat(world.deployment(id).status()).isEqualTo(DeploymentStatus.SUCCEEDED);
  }

  @Test
  void what_is_still_said_of_a_revoked_machine_is_passed_over_until_it_is_let_in_again() {
    world.machine(EU, "m1");
    world.machine(US, "m1");
    assertThat(revoke(EU, "m1")).isTrue();
    assertThat(machines()).as("the one of the other region").hasSize(1);
    hear(EU, "m1", 0);
    assertThat(machines()).hasSize(1);
    var epoch = feed.after(EU, 0).revoked().getFirst().revision();
    hear(EU, "m1", epoch);
    assertThat(machines()).hasSize(2);
    assertThat(revoke(EU, "m1")).isTrue();
    hear(EU, "m1", epoch);
    assertThat(machines()).as("revoked once more").hasSize(1);
  }

  @Test
  void a_region_hears_of_its_own_revocations_once_and_of_the_last_of_a_machine() {
    assertThat(revoke(EU, "never-seen")).isTrue();
    assertThat(revoke(US, "m2")).isTrue();
    assertThat(revoke(new RegionName("mars"), "m3")).isFalse();
    var first = feed.after(EU, 0);
    assertThat(first.revoked())
        .extracting(Revoked::machine)
        .containsExactly(new MachineId("never-seen"));
    assertThat(feed.after(EU, first.revision()).revoked()).isEmpty();
    assertThat(revoke(EU, "never-seen")).isTrue();
    var second = feed.after(EU, first.revision());
    assertThat(second.revision()).isGreaterThan(first.revision());
    assertThat(second.revoked())
        .containsExactly(new Revoked(new MachineId("never-seen"), second.revision()));
  }

  @Test
  void whoever_follows_by_revision_misses_nothing_that_is_written_meanwhile() throws Exception {
    var deployment = world.deployer.deploy(APP, world.ready(DeployRecipe.BY_HAND), "ann");
    world.reconciler.runOnce();
    var rounds = 100;
    Callable<Boolean> revokes = () -> IntStream.range(0, rounds).allMatch(n -> revoke(EU, "m" + n));
    Callable<Boolean> retargets =
        () -> IntStream.range(0, rounds).allMatch(n -> world.targets.again(deployment, EU));
    var seen = new HashSet<String>();
    var newest = 0L;
    try (var executor = Executors.newFixedThreadPool(2)) {
      var done = List.of(executor.submit(revokes), executor.submit(retargets));
      var at = 0L;
      while (true) {
        var over = done.stream().allMatch(Future::isDone);
        var found = feed.after(EU, at);
        at = found.revision();
        found.revoked().forEach(r -> seen.add(r.machine().value()));
        newest =
            Math.max(newest, found.targets().stream().mapToLong(Target::revision).max().orElse(0));
        if (over) {
          break;
        }
      }
      for (var each : done) {
        assertThat(each.get()).isTrue();
      }
    }
    assertThat(seen).hasSize(rounds);
    assertThat(newest).isEqualTo(world.targets.after(EU, 0).revision());
  }

  @Test
  void a_report_that_is_under_way_does_not_put_a_machine_back() throws Exception {
    for (var round = 0; round < 30; round++) {
      var machine = "r" + round;
      hear(EU, machine, 0);
      Callable<Boolean> revokes = () -> revoke(EU, machine);
      Callable<Boolean> reports =
          () -> {
            IntStream.range(0, 5).forEach(n -> hear(EU, machine, 0));
            return true;
          };
      try (var executor = Executors.newFixedThreadPool(2)) {
        for (var done : executor.invokeAll(List.of(reports, revokes))) {
          assertThat(done.get()).isTrue();
        }
      }
      assertThat(machines()).isEmpty();
    }
  }
}
