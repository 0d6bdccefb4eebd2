package dev.slipway.deploy;

import static dev.slipway.deploy.World.APP;
import static dev.slipway.deploy.World.EU;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.problem.Problem;
import dev.slipway.common.recipe.DeployRecipe;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What the button refuses. */
@NullMarked
class DeployerTest {
  private final World world = new World();

  private String press(long build, String by) {
    try {
      world.deployer.deploy(APP, build, by);
      return "made";
    } catch (Problem refused) {
      return refused.code();
    }
  }

  @Test
  void a_build_that_is_unknown_or_of_another_app_is_refused() {
    world.rows.app("other");
    var others = world.rows.replicated("other");
    assertThat(press(4711, "ann")).isEqualTo("not-found");
    assertThatThrownBy(() -> world.deployer.deploy(APP, others, "ann"))
        .hasMessage("build #" + others + " of hello does not exist");
  }

  @Test
  void an_older_build_than_what_machines_were_told_to_run_needs_a_rollback() {
    var older = world.ready(DeployRecipe.BY_HAND);
    var newer = world.ready(DeployRecipe.BY_HAND);
    world.deployer.deploy(APP, newer, "ann");
    assertThat(press(older, "bob")).as("while the newer one waits").isEqualTo("older");
    world.reconciler.runOnce();
    world.reconciler.runOnce();
    assertThatThrownBy(() -> world.deployer.deploy(APP, older, "bob"))
        .hasMessage(
            "build #%d comes before build #%d, which is deployed; to go back, roll back"
                .formatted(older, newer));
    assertThat(press(newer, "bob")).as("the same again").isEqualTo("made");
  }

  @Test
  void two_who_press_at_once_deploy_once() throws Exception {
    world.machine(EU, "e1");
    var build = world.ready(DeployRecipe.BY_HAND);
    try (var executor = Executors.newFixedThreadPool(3)) {
      var pressed =
          executor.invokeAll(
              List.<Callable<String>>of(
                  () -> press(build, "ann"), () -> press(build, "bob"), () -> press(build, "cid")));
      assertThat(pressed.stream().map(Future::resultNow).sorted().toList())
          .containsExactly("already-deploying", "already-deploying", "made");
    }
    world.reconciler.runOnce();
    assertThat(press(build, "dee")).as("while it rolls").isEqualTo("already-deploying");
  }
}
