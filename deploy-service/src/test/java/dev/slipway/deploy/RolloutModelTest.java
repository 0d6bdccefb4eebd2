package dev.slipway.deploy;

import static dev.slipway.deploy.World.APP;
import static dev.slipway.deploy.World.EU;
import static dev.slipway.deploy.World.US;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.machine.Labels;
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
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * People, machines, auto-deploy and reconcilers that are killed, or stopped between what they read
 * and what they write while others act, in random order; a model looks at the tables after each
 * step.
 */
@NullMarked
class RolloutModelTest {
  private static final int STEPS = 150;
  private static final int RECONCILES = 0;
  private static final int PRESSES = 1;
  private static final List<String> MACHINES = List.of("m1", "m2", "m3");
  private static final List<RegionName> REGIONS = List.of(EU, US);
  private static final List<String> PEOPLE = List.of("ann", "bob");

  private final World world = new World();
  private final RolloutModel model = new RolloutModel(world);
  private final List<Long> builds = new ArrayList<>();
  private final StringBuilder told = new StringBuilder();
  private final StoppingDataSource way = new StoppingDataSource(world.dataSource);
  private final World.Instance stopping = world.instance(way);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void whatever_happens_in_whichever_order_the_invariants_hold(long seed) throws Exception {
    var random = new Random(seed);
    var mortal =
        world.instance(
            new DyingTransaction(
                Objects.requireNonNull(world.transaction.getTransactionManager()), random));
    for (var region : REGIONS) {
      world.machine(region, "m1", "canary");
      world.machine(region, "m2");
      world.machine(region, "m3");
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
    switch (random.nextInt(27)) {
      case 0 -> build(random);
      case 1 -> tell(person(random, world.hands()));
      case 2 -> guard(random);
      case 3 -> copies(random);
      case 4 -> tell("auto-deploy " + mortal.autoDeploy().runOnce());
      case 5, 20, 21, 22, 23, 24, 25, 26 -> meet(random);
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
        pass(Duration.ofMinutes(1 + random.nextInt(20)));
      }
      case 9, 10, 11, 12, 13 -> {
        tell("most machines obey");
        obey(random);
      }
      case 14, 15, 16, 17 -> tell("a mortal reconciles: " + mortal.reconciler().runOnce());
      default -> tell("reconciled: " + world.reconciler.runOnce());
    }
  }

  private void pass(Duration time) {
    model.later(time);
    world.later(time);
  }

  private void everybodyObeys() {
    REGIONS.stream()
        .filter(region -> world.target(region) != null)
        .forEach(region -> MACHINES.forEach(machine -> world.obeys(region, machine)));
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

  /**
   * Somebody stops before one of the statements that they make, whichever that is; others act until
   * they are done or wait for who stands still, who then goes on or is dead.
   */
  private void meet(Random random) throws Exception {
    if (random.nextBoolean()) {
      everybodyObeys();
      pass(Duration.ofMinutes(21));
    }
    var one = act(random, stopping, RECONCILES);
    var other = act(random, world.hands(), PRESSES);
    var statement = 2 + random.nextInt(13);
    var deadly = random.nextInt(4) == 0;
    var stop = way.stopBefore(statement, deadly);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = executor.submit(one);
      await(() -> first.isDone() || stop.isReached());
      var second = executor.submit(other);
      await(() -> second.isDone() || (!first.isDone() && isAnyBlocked()));
      stop.end();
      tell(
          "stopped before statement %d%s: %s; meanwhile %s"
              .formatted(statement, deadly ? ", for good" : "", first.get(), second.get()));
    }
  }

  /** Draws what somebody does, most of the time what is named, and does it later. */
  private Callable<String> act(Random random, World.Instance instance, int mostly) {
    var what = random.nextInt(4) > 0 ? mostly : random.nextInt(3);
    var draw = new Random(random.nextLong());
    return () -> {
      try {
        return switch (what) {
          case RECONCILES -> "reconciles " + instance.reconciler().runOnce();
          case PRESSES -> person(draw, instance);
          default -> "auto-deploy " + instance.autoDeploy().runOnce();
        };
      } catch (StoppingDataSource.Killed killed) {
        return "killed";
      }
    };
  }

  /** Whether anybody waits for a lock. */
  private boolean isAnyBlocked() {
    return world
        .jdbc
        .sql(
            "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')")
        .query(Boolean.class)
        .single();
  }

  private static void await(BooleanSupplier condition) {
    var end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("within a minute").isLessThan(end);
      LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
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
        switch (random.nextInt(4)) {
          case 0 -> List.<Wave>of();
          case 3 ->
              List.of(
                  new Wave(List.of(), 100, bake, Labels.of("canary")),
                  new Wave(List.of(EU), 50, Duration.ZERO),
                  new Wave(List.of(), 100, bake));
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

  /** Somebody presses something, which may be refused; says what came of it. */
  private String person(Random random, World.Instance instance) {
    if (builds.isEmpty()) {
      return "nothing to press";
    }
    var by = PEOPLE.get(random.nextInt(PEOPLE.size()));
    var build = builds.get(random.nextInt(builds.size()));
    var what = "pressed by " + by + ", build " + build;
    try {
      switch (random.nextInt(8)) {
        case 0, 1 ->
            instance.deployer().deploy(APP, build, by, random.nextBoolean() ? null : "must be");
        case 2 -> {
          var wish = random.nextBoolean() ? null : build;
          instance.rollback().to(APP, wish, random.nextBoolean(), by);
        }
        case 3 -> instance.deployer().autoDeploy(APP, random.nextInt(4) > 0, by);
        default -> what = move(random, instance, by);
      }
      return what;
    } catch (Problem refused) {
      return what + ", refused: " + refused.code();
    }
  }

  private String move(Random random, World.Instance instance, String by) {
    var all = world.deployments.list(APP.value(), Long.MAX_VALUE, 1 + random.nextInt(3));
    var id = all.isEmpty() ? 1 : all.getLast().id();
    var moves = List.of("pause", "resume", "resume", "approve", "promote", "promote-all", "abort");
    var move = moves.get(random.nextInt(moves.size()));
    instance.steering().move(id, Move.of(move), by);
    return move + " of " + id + " by " + by;
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
      everybodyObeys();
      world.reconciler.runOnce();
      pass(Duration.ofMinutes(21));
      tell("\nend " + round);
      check(seed);
    }
    assertThat(world.deployments.open(APP)).as("seed " + seed + told).isEmpty();
  }
}
