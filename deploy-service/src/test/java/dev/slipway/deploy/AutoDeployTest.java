package dev.slipway.deploy;

import static dev.slipway.deploy.World.APP;
import static dev.slipway.deploy.World.EU;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.machine.Labels;
import dev.slipway.common.recipe.DeployRecipe;
import dev.slipway.common.recipe.DeployRecipe.Order;
import dev.slipway.common.recipe.Gate;
import dev.slipway.common.region.RegionName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class AutoDeployTest {
  private static final DeployRecipe EVERY = auto(Order.EVERY);
  private static final DeployRecipe LATEST = auto(Order.LATEST);

  private final World world = new World();

  private static DeployRecipe auto(Order order) {
    return new DeployRecipe(true, order, List.of(), List.of(), 0, false, false);
  }

  @Test
  void a_build_waits_for_earlier_ones_that_still_run() {
    var running = world.rows.running("hello", "w1");
    var later = world.ready(EVERY);
    assertThat(world.autoDeploy.runOnce()).isFalse();
    world
        .jdbc
        .sql("update job set status = 'FAILED', failure = 'x', finished_at = now() where id = :id")
        .param("id", running)
        .update();
    assertThat(world.autoDeploy.runOnce()).isTrue();
    assertThat(deployed()).containsExactly(later);
  }

  @Test
  void a_build_that_waits_says_for_which_one_and_since_when() {
    var running = world.rows.running("hello", "w1");
    assertThat(world.autoDeploy.held(APP)).as("nothing is ready").isEmpty();
    var later = world.ready(EVERY);
    world
        .jdbc
        .sql("update job set started_at = now() - interval '190 seconds' where id = :id")
        .param("id", running)
        .update();
    assertThat(world.autoDeploy.held(APP))
        .contains(
            new AutoDeploy.Held(later, "waiting for build " + running + ", running since 3 min"));
    world.deployer.autoDeploy(APP, false, "ann");
    assertThat(world.autoDeploy.held(APP)).contains(new AutoDeploy.Held(later, "pinned by ann"));
  }

  @Test
  void a_build_passes_those_it_has_waited_for_long_enough_and_that_is_audited() {
    var stuck = world.rows.queued("hello");
    var running = world.rows.running("hello", "w1");
    var later =
        world.ready(
            new DeployRecipe(
                true,
                Order.EVERY,
                List.of(),
                List.of(),
                0,
                false,
                false,
                Gate.PLAIN,
                Duration.ofHours(1),
                Labels.NONE));
    readySince(later, "59 minutes");
    assertThat(world.autoDeploy.runOnce()).isFalse();
    readySince(later, "61 minutes");
    assertThat(world.autoDeploy.runOnce()).isTrue();
    var made = world.deployments.open(APP).getFirst();
    assertThat(made.build()).isEqualTo(later);
    assertThat(world.deployments.list("hello", Long.MAX_VALUE, 10))
        .filteredOn(d -> d.build() == stuck || d.build() == running)
        .hasSize(2)
        .allSatisfy(d -> assertThat(d.status()).isEqualTo(DeploymentStatus.SUPERSEDED))
        .allSatisfy(d -> assertThat(d.successor()).isEqualTo(made.id()));
    assertThat(world.audit()).contains("auto-deploy auto-deploy-pass build " + later + " PASSED");
    settle();
    world
        .jdbc
        .sql(
            """
            update job set status = 'SUCCEEDED', finished_at = now(), binary_name = 'b', size_bytes = 1, sha256 = repeat('a', 64),
              crc32c = 'AAAAAA==', manifest = 'm', replicated_at = now() where id = :id
            """)
        .param("id", running)
        .update();
    world
        .jdbc
        .sql(
            "insert into replica (job, region, status, verified_at) select :id, name, 'VERIFIED', now() from region")
        .param("id", running)
        .update();
    world.wish(running, EVERY);
    assertThat(world.autoDeploy.runOnce()).as("what was passed is not gone back to").isFalse();
  }

  private void readySince(long build, String time) {
    world
        .jdbc
        .sql("update job set replicated_at = now() - cast(:time as interval) where id = :id")
        .param("time", time)
        .param("id", build)
        .update();
  }

  @Test
  void every_deploys_each_build_in_turn() {
    var first = world.ready(EVERY);
    var second = world.ready(EVERY);
    assertThat(world.autoDeploy.runOnce()).isTrue();
    assertThat(world.autoDeploy.runOnce()).as("one at a time").isFalse();
    settle();
    assertThat(world.autoDeploy.runOnce()).isTrue();
    assertThat(deployed()).containsExactly(first, second);
  }

  @Test
  void latest_skips_to_the_newest_and_says_what_it_skipped() {
    var first = world.ready(LATEST);
    var second = world.ready(LATEST);
    assertThat(world.autoDeploy.runOnce()).isTrue();
    var all = world.deployments.list("hello", Long.MAX_VALUE, 10);
    assertThat(all)
        .filteredOn(d -> d.build() == first)
        .singleElement()
        .satisfies(d -> assertThat(d.status()).isEqualTo(DeploymentStatus.SUPERSEDED))
        .satisfies(d -> assertThat(d.reason()).contains("#" + second))
        .satisfies(
            d -> assertThat(d.successor()).isEqualTo(world.deployments.open(APP).getFirst().id()));
    assertThat(all)
        .filteredOn(d -> d.build() == second)
        .singleElement()
        .satisfies(d -> assertThat(d.status()).isEqualTo(DeploymentStatus.PENDING));
  }

  @Test
  void it_never_goes_back_behind_what_was_deployed() {
    var early = world.ready(EVERY);
    var late = world.ready(EVERY);
    world.deployer.deploy(APP, late, "ann");
    settle();
    assertThat(world.autoDeploy.runOnce()).isFalse();
    assertThat(deployed()).containsExactly(late).doesNotContain(early);
  }

  @Test
  void what_a_person_had_built_waits_for_the_button_and_holds_up_nobody() {
    var byHand = world.ready(EVERY);
    world.jdbc.sql("update job set found_by = 'PERSON'").update();
    assertThat(world.autoDeploy.runOnce()).isFalse();
    world.deployer.deploy(APP, byHand, "ann");
    settle();
    var pushed = world.ready(EVERY);
    assertThat(world.autoDeploy.runOnce()).isTrue();
    assertThat(deployed()).containsExactly(byHand, pushed);
  }

  @Test
  void a_recipe_that_names_no_region_there_is_fails_visibly_and_holds_up_nobody() {
    var mars = List.of(new RegionName("mars"));
    world.ready(new DeployRecipe(true, Order.EVERY, mars, List.of(), 0, false, false));
    var next = world.ready(EVERY);
    world.autoDeploy.runOnce();
    world.autoDeploy.runOnce();
    var all = world.deployments.list("hello", Long.MAX_VALUE, 10);
    assertThat(all.getLast().status()).isEqualTo(DeploymentStatus.FAILED);
    assertThat(all.getLast().reason()).contains("mars");
    assertThat(all.getFirst().build()).isEqualTo(next);
  }

  @Test
  void several_instances_deploy_a_build_once() throws InterruptedException {
    world.ready(EVERY);
    var threads =
        IntStream.range(0, 8)
            .mapToObj(i -> Thread.ofVirtual().start(() -> world.autoDeploy.runOnce()))
            .toList();
    for (var thread : threads) {
      thread.join();
    }
    assertThat(deployed()).hasSize(1);
  }

  @Test
  void revisions_grow_in_commit_order_under_concurrent_writers() throws InterruptedException {
    var build = world.ready(EVERY);
    var deployment = world.deployer.deploy(APP, build, "ann");
    var writers =
        IntStream.rangeClosed(1, 40)
            .mapToObj(share ->
                Thread.ofVirtual()
                    .start(() ->
                        world.transaction.executeWithoutResult(
                            t -> world.targets.write(deployment, EU, Map.of(Labels.NONE, share)))))
            .toList();
    long revision = 0;
    while (writers.stream().anyMatch(Thread::isAlive)) {
      var now = world.targets.after(EU, revision).revision();
      assertThat(now).isGreaterThanOrEqualTo(revision);
      revision = now;
    }
    for (var writer : writers) {
      writer.join();
    }
    assertThat(world.targets.after(EU, 0).revision()).isEqualTo(40);
  }

  private void settle() {
    world.reconciler.runOnce();
    world.reconciler.runOnce();
  }

  private List<Long> deployed() {
    return world.deployments.list("hello", Long.MAX_VALUE, 100).reversed().stream()
        .map(Deployment::build)
        .toList();
  }
}
