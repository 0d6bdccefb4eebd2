package dev.slipway.deploy;

import static dev.slipway.deploy.World.APP;
import static dev.slipway.deploy.World.EU;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.machine.Labels;
import dev.slipway.common.problem.Problem;
import dev.slipway.common.recipe.DeployRecipe;
import dev.slipway.common.recipe.DeployRecipe.Order;
import dev.slipway.common.recipe.DeployRecipe.Wave;
import dev.slipway.deploy.preview.Preview;
import dev.slipway.deploy.preview.Preview.Obstacle;
import dev.slipway.deploy.preview.Preview.RegionPreview;
import dev.slipway.deploy.preview.Preview.Skipped;
import dev.slipway.deploy.preview.PreviewStore;
import dev.slipway.deploy.preview.Previews;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What is told before somebody presses Deploy. */
@NullMarked
class PreviewsTest {
  private static final DeployRecipe BAKED =
      new DeployRecipe(
          false,
          Order.EVERY,
          List.of(EU),
          List.of(new Wave(List.of(), 100, Duration.ofMinutes(2))),
          0,
          false,
          false);

  private final World world = new World();
  private final Previews previews = new Previews(new PreviewStore(world.jdbc), world.freezes);

  private long runs() {
    world.machine(EU, "e1");
    world.machine(EU, "e2");
    var build = world.ready(DeployRecipe.BY_HAND);
    world.deployer.deploy(APP, build, "ann");
    world.reconciler.runOnce();
    world.obeys(EU, "e1");
    world.obeys(EU, "e2");
    world.reconciler.runOnce();
    return build;
  }

  private RegionPreview region(Preview preview, String name) {
    return preview.regions().stream()
        .filter(r -> r.region().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void builds_between_what_runs_and_the_previewed_one_are_skipped() {
    runs();
    var skipped = world.ready(DeployRecipe.BY_HAND);
    var waits = world.rows.queued("hello");
    var next = world.ready(DeployRecipe.BY_HAND);
    assertThat(previews.of(APP, next).skipped())
        .extracting(Skipped::build)
        .containsExactly(skipped, waits);
    assertThat(previews.of(APP, null).build()).as("the newest").isEqualTo(next);
  }

  @Test
  void machines_that_have_it_ahead_or_kept_it_only_switch() {
    var first = runs();
    var second = world.ready(DeployRecipe.BY_HAND);
    world.jdbc.sql("update job set size_bytes = 1000 where app = 'hello'").update();
    world
        .jdbc
        .sql("update machine_app set ahead = :b where machine = 'e1'")
        .param("b", second)
        .update();
    var before = region(previews.of(APP, second), "eu");
    assertThat(before.ahead()).isEqualTo(1);
    assertThat(before.warm()).isEqualTo(1);
    assertThat(before.machineBytes()).isEqualTo(1000);
    assertThat(before.copyBytes()).isZero();
    assertThat(before.now()).isEqualTo(first);
    world.deployer.deploy(APP, second, "ann");
    world.reconciler.runOnce();
    world.obeys(EU, "e1");
    world.obeys(EU, "e2");
    var back = region(previews.of(APP, first), "eu");
    assertThat(back.kept()).isEqualTo(2);
    assertThat(back.machineBytes()).isZero();
  }

  @Test
  void what_a_bucket_lacks_is_told_in_bytes_and_is_in_the_way() {
    runs();
    var next = world.ready(DeployRecipe.BY_HAND);
    world.jdbc.sql("update job set size_bytes = 7000 where id = :b").param("b", next).update();
    world
        .jdbc
        .sql("delete from replica where job = :b and region = 'us'")
        .param("b", next)
        .update();
    var preview = previews.of(APP, next);
    assertThat(preview.isDeployable()).isFalse();
    assertThat(region(preview, "us").copyBytes()).isEqualTo(7000);
    assertThat(preview.obstacles()).extracting(Obstacle::code).containsExactly("not-deployable");
  }

  @Test
  void pins_older_builds_and_open_deployments_are_told() {
    var first = runs();
    var second = world.ready(DeployRecipe.BY_HAND);
    world.deployer.deploy(APP, second, "ann");
    world.reconciler.runOnce();
    world
        .jdbc
        .sql("update app set pinned_at = now(), pinned_by = 'bob' where name = 'hello'")
        .update();
    var preview = previews.of(APP, first);
    assertThat(preview.obstacles())
        .extracting(Obstacle::code)
        .containsExactlyInAnyOrder("older", "pinned", "older");
    // as the button says
    assertThat(preview.isDeployable()).isFalse();
    assertThatThrownBy(() -> world.deployer.deploy(APP, first, "ann"))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("to go back, roll back");
    var same = previews.of(APP, second);
    assertThat(same.obstacles())
        .extracting(Obstacle::code)
        .containsExactlyInAnyOrder("already-deploying", "pinned");
    var later = previews.of(APP, world.ready(DeployRecipe.BY_HAND));
    assertThat(later.obstacles())
        .extracting(Obstacle::code)
        .containsExactlyInAnyOrder("supersedes", "pinned");
    assertThat(later.isDeployable()).isTrue();
  }

  @Test
  void freezes_and_approvals_are_told_and_a_freeze_that_is_on_is_in_the_way() {
    var build = world.ready(DeployRecipe.BY_HAND);
    world.deployer.approval(APP, true, "ada");
    var free = previews.of(APP, build);
    assertThat(free.obstacles()).extracting(Obstacle::code).containsExactly("needs-approval");
    assertThat(free.isDeployable()).isTrue();
    world.freeze(null);
    var frozen = previews.of(APP, build);
    assertThat(frozen.obstacles())
        .extracting(Obstacle::code)
        .containsExactly("frozen", "needs-approval");
    assertThat(frozen.obstacles().getFirst().text()).contains("holidays");
    assertThat(frozen.isDeployable()).isFalse();
    world.jdbc.sql("update freeze_window set starts_at = now() + interval '1 hour'").update();
    var ahead = previews.of(APP, build);
    assertThat(ahead.obstacles())
        .extracting(Obstacle::code)
        .containsExactly("freeze-ahead", "needs-approval");
    assertThat(ahead.isDeployable()).isTrue();
    world.rows.app("other");
    world.jdbc.sql("update freeze_window set app = 'other'").update();
    assertThat(previews.of(APP, build).obstacles())
        .extracting(Obstacle::code)
        .containsExactly("needs-approval");
  }

  @Test
  void a_wave_for_machines_that_there_are_none_of_is_told() {
    world.machine(EU, "e1", "web");
    var canary =
        new DeployRecipe(
            false,
            Order.EVERY,
            List.of(),
            List.of(
                new Wave(List.of(), 100, Duration.ZERO, Labels.of("canary")),
                new Wave(List.of(), 100, Duration.ZERO)),
            0,
            false,
            false);
    var build = world.ready(canary);
    var lacking = previews.of(APP, build);
    assertThat(lacking.obstacles())
        .singleElement()
        .satisfies(o -> {
          assertThat(o.code()).isEqualTo("no-machines");
          assertThat(o.text()).contains("wave 1", "canary", "30m");
        });
    world.machine(EU, "e2", "canary", "web");
    assertThat(previews.of(APP, build).obstacles()).isEmpty();
  }

  @Test
  void the_time_it_takes_is_that_of_the_last_that_went_well_with_the_bakes_of_this_one() {
    runs();
    world
        .jdbc
        .sql("update deployment set started_at = finished_at - interval '40 seconds'")
        .update();
    var preview = previews.of(APP, world.ready(BAKED));
    assertThat(preview.expectedSeconds()).isEqualTo(160);
    assertThat(preview.basedOn()).isEqualTo(1);
    assertThat(preview.regions()).extracting(RegionPreview::region).containsExactly("eu");
  }

  @Test
  void without_a_build_or_of_another_app_there_is_no_preview() {
    assertThatThrownBy(() -> previews.of(APP, null))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("no build");
    world.rows.app("other");
    var others = world.rows.replicated("other");
    assertThatThrownBy(() -> previews.of(APP, others)).hasMessageContaining("does not exist");
  }
}
