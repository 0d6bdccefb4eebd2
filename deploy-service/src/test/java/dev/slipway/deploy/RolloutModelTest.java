package dev.slipway.deploy;

import static dev.slipway.deploy.World.APP;
import static dev.slipway.deploy.World.EU;
import static dev.slipway.deploy.World.US;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.problem.Problem;
import dev.slipway.common.recipe.DeployRecipe;
import dev.slipway.common.recipe.DeployRecipe.Order;
import dev.slipway.common.recipe.DeployRecipe.Wave;
import dev.slipway.common.region.RegionName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * People, machines, auto-deploy and reconcilers that are killed or run two at a time, in random
 * order; a model looks at the tables after each step.
 */
@NullMarked
class RolloutModelTest {
  private static final int STEPS = 150;
  private static final List<String> MACHINES = List.of("m1", "m2", "m3");
  private static final List<RegionName> REGIONS = List.of(EU, US);
  private static final List<String> PEOPLE = List.of("ann", "bob");

  private final World world = new World();
  private final RolloutModel model = new RolloutModel(world);
  private final List<Long> builds = new ArrayList<>();
  private final StringBuilder told = new StringBuilder();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void whatever_happens_in_whichever_order_the_invariants_hold(long seed) throws Exception {
    var random = new Random(seed);
    var mortal =
        world.instance(
            new DyingTransaction(
                Objects.requireNonNull(world.transaction.getTransactionManager()), random));
    for (var region : REGIONS) {
      MACHINES.forEach(machine -> world.machine(region, machine));
    }
    for (var step = 0; step < STEPS; step++) {
      model.look();
      told.append('\n').append(step).append(' ');
      step(random, mortal);
      check(seed);
    }
    end(seed);
  }

  private void check(long seed) {
    try {
      model.check();
    } catch (AssertionError broken) {
      throw new AssertionError("seed " + seed + told, broken);
    }
  }

  private void step(Random random, World.Instance mortal) throws Exception {
    var region = REGIONS.get(random.nextInt(REGIONS.size()));
    var machine = MACHINES.get(random.nextInt(MACHINES.size()));
    switch (random.nextInt(20)) {
      case 0 -> build(random);
      case 1 -> person(random);
      case 2 -> guard(random);
      case 3 -> copies(random);
      case 4 -> tell("auto-deploy " + mortal.autoDeploy().runOnce());
      case 5 -> atOnce(world.autoDeploy::runOnce, mortal.autoDeploy()::runOnce);
      case 6 -> {
        tell(machine + " of " + region + " fails");
        if (world.target(region) != null) {
          world.fails(region, machine);
        }
      }
      case 7 -> {
        tell(machine + " of " + region + " is silent");
        world
            .jdbc
            .sql(
                "update machine set seen_at = now() - interval '2 minutes' where region = ? and id = ?")
            .params(region.value(), machine)
            .update();
      }
      case 8 -> {
        tell("time passes");
        var time = Duration.ofMinutes(1 + random.nextInt(20));
        model.later(time);
        world.later(time);
      }
      case 9, 10, 11, 12, 13 -> {
        tell("most machines obey");
        obey(random);
      }
      case 14 -> atOnce(world.reconciler::runOnce, mortal.reconciler()::runOnce);
      case 15, 16, 17 -> tell("a mortal reconciles: " + mortal.reconciler().runOnce());
      default -> tell("reconciled: " + world.reconciler.runOnce());
    }
  }

  private void tell(String what) {
    told.append(what);
  }

  private void obey(Random random) {
    for (var region : REGIONS) {
      if (world.target(region) != null) {
        MACHINES.stream().filter(m -> random.nextInt(5) > 0).forEach(m -> world.obeys(region, m));
      }
    }
  }

  private void atOnce(Callable<Boolean> one, Callable<Boolean> other) throws Exception {
    tell("two at once");
    try (var executor = Executors.newFixedThreadPool(2)) {
      for (var done : executor.invokeAll(List.of(one, other))) {
        done.get();
      }
    }
  }

  private void build(Random random) {
    var recipe = recipe(random);
    if (random.nextInt(4) == 0) {
      tell("a build runs");
      builds.add(world.rows.running(APP.value(), "w"));
    } else {
      builds.add(world.ready(recipe));
      tell("build " + builds.getLast() + " is ready: " + recipe);
    }
  }

  private static DeployRecipe recipe(Random random) {
    var bake = Duration.ofMinutes(random.nextInt(3) * 10L);
    var waves =
        switch (random.nextInt(3)) {
          case 0 -> List.<Wave>of();
          case 1 -> List.of(new Wave(List.of(EU), 100, bake), new Wave(REGIONS, 100, bake));
          default ->
              List.of(
                  new Wave(List.of(US), 40, bake),
                  new Wave(List.of(US), 100, bake),
                  new Wave(REGIONS, 100, bake));
        };
    return new DeployRecipe(
        random.nextInt(3) > 0,
        random.nextBoolean() ? Order.EVERY : Order.LATEST,
        List.of(),
        waves,
        random.nextInt(3) * 20,
        random.nextBoolean(),
        false);
  }

  /** Somebody presses something, which may be refused. */
  private void person(Random random) {
    if (builds.isEmpty()) {
      return;
    }
    var by = PEOPLE.get(random.nextInt(PEOPLE.size()));
    var build = builds.get(random.nextInt(builds.size()));
    var open = world.deployments.open(APP);
    var id = open.isEmpty() ? 1 : open.get(random.nextInt(open.size())).id();
    try {
      switch (random.nextInt(8)) {
        case 0, 1 -> world.deployer.deploy(APP, build, by, random.nextBoolean() ? null : "must be");
        case 2 -> {
          var wish = random.nextBoolean() ? null : build;
          world.rollback.to(APP, wish, random.nextBoolean(), by);
        }
        case 3 -> world.deployer.autoDeploy(APP, random.nextInt(4) > 0, by);
        default -> {
          var moves =
              List.of("pause", "resume", "resume", "approve", "promote", "promote-all", "abort");
          var move = moves.get(random.nextInt(moves.size()));
          tell(move + " " + id + " ");
          world.steering.move(id, Move.of(move), by);
        }
      }
      tell("pressed by " + by + ", build " + build);
    } catch (Problem refused) {
      tell("refused: " + refused.code());
    }
  }

  private void guard(Random random) {
    switch (random.nextInt(4)) {
      case 0 -> {
        tell("frozen");
        world.freeze(APP);
      }
      case 1 -> {
        tell("approval needed");
        world.deployer.approval(APP, true, "ada");
      }
      case 2 -> {
        tell("no approval needed");
        world.deployer.approval(APP, false, "ada");
      }
      default -> {
        tell("thawed");
        world.thaw();
      }
    }
  }

  /** A copy rots, or all are right again; a build that runs ends. */
  private void copies(Random random) {
    if (builds.isEmpty()) {
      return;
    }
    if (random.nextBoolean()) {
      tell("copies are right");
      world.jdbc.sql("update replica set status = 'VERIFIED', problem = null").update();
      world
          .jdbc
          .sql(
              "update job set status = 'FAILED', failure = 'x', finished_at = now() where status = 'RUNNING'")
          .update();
    } else {
      tell("a copy rots");
      world
          .jdbc
          .sql(
              "update replica set status = 'CORRUPT', problem = 'x' where region = 'us' and job = ?")
          .param(builds.get(random.nextInt(builds.size())))
          .update();
    }
  }

  /** Once nothing is in the way any more and machines obey, everything comes to an end. */
  private void end(long seed) {
    world.thaw();
    world.deployer.approval(APP, false, "ada");
    world.deployer.autoDeploy(APP, false, "ada");
    for (var round = 0; round < 12; round++) {
      model.look();
      for (var open : world.deployments.open(APP)) {
        if (open.status() == DeploymentStatus.PAUSED) {
          world.steering.move(open.id(), Move.RESUME, "ada");
        }
      }
      REGIONS.stream()
          .filter(region -> world.target(region) != null)
          .forEach(region -> MACHINES.forEach(machine -> world.obeys(region, machine)));
      world.reconciler.runOnce();
      model.later(Duration.ofMinutes(21));
      world.later(Duration.ofMinutes(21));
      tell("\nend " + round);
      check(seed);
    }
    assertThat(world.deployments.open(APP)).as("seed " + seed + told).isEmpty();
  }
}
