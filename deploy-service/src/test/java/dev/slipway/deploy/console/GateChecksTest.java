package dev.slipway.deploy.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.app.AppName;
import dev.slipway.common.clock.TestClock;
import dev.slipway.common.machine.Labels;
import dev.slipway.common.recipe.Gate;
import dev.slipway.common.region.RegionName;
import dev.slipway.deploy.Cause;
import dev.slipway.deploy.Deployment;
import dev.slipway.deploy.DeploymentStatus;
import dev.slipway.deploy.Plan;
import dev.slipway.deploy.Plan.Step;
import dev.slipway.deploy.Progress;
import dev.slipway.deploy.console.GateChecks.Check;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@NullMarked
class GateChecksTest {
  private final TestClock clock = new TestClock();
  private final Words words = new Words(clock);

  private Deployment deployment(
      @Nullable Instant wellAt, @Nullable Instant illAt, @Nullable String reason) {
    var gate =
        new Gate(90, null, Duration.ofMinutes(30), new Gate.Analysis("up", 1.0, null, false));
    var step = new Step(List.of(new RegionName("eu")), 100, Duration.ofMinutes(2), Labels.NONE);
    var now = clock.instant();
    return new Deployment(
        7,
        new AppName("hello"),
        3,
        Cause.PERSON,
        "ann",
        DeploymentStatus.ROLLING,
        new Plan(List.of(step), 5, false, gate, Labels.NONE),
        0,
        now,
        wellAt,
        illAt,
        reason,
        null,
        null,
        null,
        null,
        now,
        now,
        null);
  }

  private List<Check> checks(Deployment deployment, Progress progress) {
    return new GateChecks(deployment, progress, words).all();
  }

  @Test
  void a_wave_under_way_says_who_lacks_and_how_long_it_may_take() {
    var deployment = deployment(null, clock.instant(), null);
    clock.pass(Duration.ofMinutes(10));
    assertThat(checks(deployment, new Progress(80, 2, 1, 17)))
        .containsExactly(
            new Check("machines", "UNDER_WAY", "80 of 100 run it, 90 % must"),
            new Check("failures", "WELL", "2 failed, 1 silent; 5 may (5 %)"),
            new Check("deadline", "UNDER_WAY", "20 min 0 s left of 30m to become well"),
            new Check("bake", "TO_COME", "well for 2m at a stretch"),
            new Check("analysis", "TO_COME", "asked once the machines are well"));
  }

  @Test
  void a_wave_that_is_well_bakes_and_says_what_the_judge_waits_for() {
    var deployment =
        deployment(clock.instant(), null, "its analysis is open: nothing is known yet");
    clock.pass(Duration.ofSeconds(40));
    assertThat(checks(deployment, new Progress(100, 0, 0, 0)))
        .containsExactly(
            new Check("machines", "WELL", "100 of 100 run it, 90 % must"),
            new Check("failures", "WELL", "0 failed, 0 silent; 5 may (5 %)"),
            new Check("bake", "UNDER_WAY", "well for 40 s of 2m"),
            new Check("analysis", "UNDER_WAY", "its analysis is open: nothing is known yet"));
  }

  @Test
  void too_many_failures_are_seen_before_the_judge_ends_it() {
    assertThat(checks(deployment(null, clock.instant(), null), new Progress(90, 6, 0, 4)))
        .contains(new Check("failures", "FAILED", "6 failed, 0 silent; 5 may (5 %)"));
  }
}
