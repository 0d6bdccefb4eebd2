package dev.slipway.deploy;

import static dev.slipway.deploy.World.APP;
import static dev.slipway.deploy.World.EU;
import static dev.slipway.deploy.World.US;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.notice.NoticeStore;
import dev.slipway.common.recipe.DeployRecipe;
import dev.slipway.common.recipe.DeployRecipe.Order;
import dev.slipway.common.recipe.DeployRecipe.Wave;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.target.Target;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which builds machines are told to have before somebody presses Deploy. */
@NullMarked
class PrefetchTest {
  private static final DeployRecipe AHEAD = ahead(List.of(), List.of());

  private final World world = new World();
  private final Prefetch prefetch = new Prefetch(world.targets, new NoticeStore(world.jdbc));

  private static DeployRecipe ahead(List<RegionName> regions, List<Wave> waves) {
    return new DeployRecipe(false, Order.EVERY, regions, waves, 0, false, true);
  }

  @BeforeEach
  void somethingRuns() {
    deploy(world.ready(AHEAD));
  }

  private void deploy(long build) {
    world.deployer.deploy(APP, build, "ann");
    world.reconciler.runOnce();
  }

  private Target target(RegionName region) {
    return world.targets.after(region, 0).targets().getFirst();
  }

  private @Nullable Long ahead(RegionName region) {
    prefetch.runOnce();
    var ahead = target(region).ahead();
    var release = ahead == null ? null : ahead.release();
    return release == null ? null : release.build();
  }

  @Test
  void the_newest_replicated_build_after_the_target_is_had_ahead_under_a_revision_of_its_own() {
    world.ready(AHEAD);
    var newest = world.ready(AHEAD);
    var before = target(EU);
    assertThat(ahead(EU)).isEqualTo(newest);
    var known = target(EU).lastRevision();
    assertThat(target(EU).revision()).isEqualTo(before.revision());
    assertThat(known).isGreaterThan(before.lastRevision());
    assertThat(world.targets.after(EU, before.lastRevision()).revision()).isEqualTo(known);
    assertThat(ahead(EU)).isEqualTo(newest);
    assertThat(world.targets.after(EU, known).targets()).as("said once").isEmpty();
  }

  @Test
  void nothing_is_had_ahead_of_a_recipe_that_does_not_say_so() {
    world.ready(AHEAD);
    assertThat(ahead(EU)).isNotNull();
    world.ready(DeployRecipe.BY_HAND);
    assertThat(ahead(EU)).as("the newest build says no").isNull();
    assertThat(target(EU).ahead()).as("and machines are told").isNotNull();
  }

  @Test
  void it_stays_until_every_machine_was_told_to_run_it() {
    var half = ahead(List.of(), List.of(new Wave(List.of(), 50, Duration.ofHours(1)), wave(100)));
    world.obeys(EU, "e1");
    world.obeys(US, "u1");
    var next = world.ready(half);
    assertThat(ahead(EU)).isEqualTo(next);
    deploy(next);
    assertThat(target(EU).share()).isEqualTo(50);
    assertThat(ahead(EU)).isEqualTo(next);
    deploy(world.ready(DeployRecipe.BY_HAND));
    assertThat(target(EU).share()).isEqualTo(100);
    assertThat(ahead(EU)).isNull();
  }

  private static Wave wave(int share) {
    return new Wave(List.of(), share, Duration.ZERO);
  }

  @Test
  void an_app_that_somebody_rolled_back_waits_for_them() {
    var second = world.ready(AHEAD);
    assertThat(ahead(EU)).isEqualTo(second);
    world.deployer.autoDeploy(APP, false, "ann");
    assertThat(ahead(EU)).isNull();
    world.deployer.autoDeploy(APP, true, "ann");
    assertThat(ahead(EU)).isEqualTo(second);
  }

  @Test
  void a_region_needs_its_own_copy_and_must_be_among_those_deployed_to() {
    var next = world.ready(AHEAD);
    world
        .jdbc
        .sql("delete from replica where job = :job and region = 'us'")
        .param("job", next)
        .update();
    assertThat(ahead(EU)).isEqualTo(next);
    assertThat(ahead(US)).isNull();
    var here = world.ready(ahead(List.of(US), List.of()));
    assertThat(ahead(EU)).isNull();
    assertThat(ahead(US)).isEqualTo(here);
    world.jdbc.sql("update region set wanted = false where name = 'us'").update();
    assertThat(ahead(US)).isNull();
  }

  @Test
  void what_machines_have_ahead_is_remembered() {
    world.has(EU, "e1", 7L);
    assertThat(world.jdbc.sql("select ahead from machine_app").query(Long.class).single())
        .isEqualTo(7);
  }
}
