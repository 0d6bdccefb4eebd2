package dev.slipway.deploy;

import static dev.slipway.deploy.World.APP;
import static dev.slipway.deploy.World.EU;
import static dev.slipway.deploy.World.US;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.machine.Labels;
import dev.slipway.common.recipe.DeployRecipe;
import dev.slipway.common.recipe.DeployRecipe.Order;
import dev.slipway.common.recipe.DeployRecipe.Wave;
import dev.slipway.common.recipe.Gate;
import dev.slipway.common.recipe.Gate.Analysis;
import dev.slipway.deploy.prometheus.FakePrometheus;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Waves that Prometheus is asked about. */
@NullMarked
class AnalysesTest {
  private static final Duration BAKE = Duration.ofMinutes(2);
  private static final Duration WITHIN = Duration.ofMinutes(5);

  private final FakePrometheus prometheus = new FakePrometheus();
  private final World world = new World(prometheus.address());

  AnalysesTest() throws IOException {}

  @AfterEach
  void close() {
    prometheus.close();
  }

  /** A deployment whose first wave's machines are well. */
  private long well(boolean open) {
    world.machine(EU, "e1");
    var analysis = new Analysis("errors{app=\"{app}\",build=\"{build}\"}", null, 0.05, open);
    var recipe =
        new DeployRecipe(
            false,
            Order.EVERY,
            List.of(),
            List.of(new Wave(List.of(EU), 100, BAKE), new Wave(List.of(US), 100, Duration.ZERO)),
            0,
            false,
            false,
            new Gate(null, null, WITHIN, analysis),
            null,
            Labels.NONE);
    var id = world.deployer.deploy(APP, world.ready(recipe), "ann").id();
    world.reconciler.runOnce();
    world.analyses.runOnce();
    assertThat(prometheus.asked()).as("before the machines are well").isEmpty();
    world.obeys(EU, "e1");
    world.reconciler.runOnce();
    return id;
  }

  /** So much time, then a question and a step. */
  private void pass(Duration time) {
    world.later(time);
    world.clock.pass(time);
    world.analyses.runOnce();
    world.reconciler.runOnce();
  }

  @Test
  void a_good_answer_lets_the_next_wave_follow_after_the_bake() {
    prometheus.says("0.05");
    var id = well(false);
    pass(Duration.ZERO);
    assertThat(prometheus.asked())
        .containsExactly("errors{app=\"hello\",build=\"" + world.deployment(id).build() + "\"}");
    assertThat(world.target(US)).as("it bakes").isNull();
    pass(BAKE);
    assertThat(world.target(US)).isNotNull();
  }

  @Test
  void a_bad_answer_ends_the_deployment_also_during_the_bake() {
    prometheus.says("0.06");
    var id = well(false);
    pass(Duration.ZERO);
    assertThat(world.deployment(id).status()).isEqualTo(DeploymentStatus.FAILED);
    assertThat(world.deployment(id).reason())
        .isEqualTo("wave 1: its analysis gave 0.06, above 0.05");
    assertThat(world.target(US)).isNull();
  }

  @Test
  void an_answer_of_before_is_none() {
    prometheus.says("0");
    var id = well(false);
    world.later(BAKE);
    world.analyses.runOnce();
    world.clock.pass(Analyses.FRESH.plusSeconds(1));
    world.reconciler.runOnce();
    assertThat(world.deployment(id).reason())
        .isEqualTo("its analysis is open: nothing is known yet");
    assertThat(world.target(US)).isNull();
  }

  @Test
  void no_answer_holds_the_wave_and_fails_it_in_the_end() {
    prometheus.says("NaN");
    var id = well(false);
    pass(BAKE.plus(WITHIN).minusMinutes(1));
    assertThat(world.target(US)).isNull();
    assertThat(world.deployment(id).reason())
        .isEqualTo("its analysis is open: the answer is not a number");
    pass(WITHIN);
    assertThat(world.deployment(id).status()).isEqualTo(DeploymentStatus.FAILED);
    assertThat(world.deployment(id).reason())
        .isEqualTo("wave 1: its analysis was open for 5m: the answer is not a number");
  }

  @Test
  void no_answer_passes_where_the_recipe_says_so() {
    var id = well(true);
    prometheus.close();
    pass(BAKE);
    assertThat(world.target(US)).isNotNull();
    assertThat(world.deployment(id).status()).isEqualTo(DeploymentStatus.ROLLING);
  }
}
