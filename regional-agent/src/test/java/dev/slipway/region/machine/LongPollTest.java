package dev.slipway.region.machine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.loop.Changes;
import dev.slipway.common.machine.Limits;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.machine.Poll;
import dev.slipway.common.machine.PollAnswer;
import dev.slipway.common.problem.Problem;
import dev.slipway.common.target.Release;
import dev.slipway.common.target.Revoked;
import dev.slipway.common.target.Target;
import dev.slipway.common.target.Targets;
import dev.slipway.region.OwnAddress;
import dev.slipway.region.target.TargetCache;
import dev.slipway.region.target.TargetFile;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
class LongPollTest {
  private static final Poll AT_ONCE = new Poll("z1", List.of(), List.of(), 1, 0, 0);

  private final Changes changes = new Changes();
  private final Fleet fleet = new Fleet(50_000, System::nanoTime);

  private LongPoll over(TargetCache targets) {
    var own = new OwnAddress(URI.create("http://127.0.0.1:1"));
    return new LongPoll(targets, changes, new Assignments(own, 1), fleet, Limits.NONE);
  }

  private TargetCache cache(Path folder) {
    return new TargetCache(
        TargetFile.open(folder.resolve("targets.mv"), new SimpleMeterRegistry()), changes);
  }

  private static Targets build(long build) {
    var release = new Release(build, new Sha256("a".repeat(64)), 1, "manifests/x/1-1.json");
    var target = new Target(new AppName("one"), build, release, 100, null, null);
    return new Targets(build, List.of(target));
  }

  private static Poll waiting(long after) {
    return new Poll("z1", List.of(), List.of(), 1, after, Poll.LONGEST_WAIT);
  }

  @Test
  void a_pass_answers_those_whom_a_change_concerns_and_no_one_else(@TempDir Path folder)
      throws Exception {
    try (var targets = cache(folder)) {
      var polls = over(targets);
      var behind = polls.answer(new MachineId("m1"), waiting(0), 0);
      var ahead = polls.answer(new MachineId("m2"), waiting(7), 0);
      assertThat(behind.hasResult()).isFalse();
      targets.accept(build(7));
      polls.runOnce();
      assertThat(((PollAnswer) requireNonNull(behind.getResult())).assignments())
          .singleElement()
          .satisfies(told -> assertThat(told.release().build()).isEqualTo(7));
      assertThat(ahead.hasResult()).isFalse();
    }
  }

  @Test
  void a_machine_that_is_revoked_while_it_waits_is_refused(@TempDir Path folder) throws Exception {
    try (var targets = cache(folder)) {
      var polls = over(targets);
      var m1 = new MachineId("m1");
      var waits = polls.answer(m1, waiting(9), 0);
      var again = polls.answer(m1, waiting(9), 8);
      targets.accept(new Targets(8, List.of(), List.of(new Revoked(m1, 8))));
      polls.runOnce();
      assertThat(waits.getResult())
          .isInstanceOfSatisfying(
              Problem.class, problem -> assertThat(problem.status()).isEqualTo(401));
      assertThat(again.hasResult()).as("let in since").isFalse();
      assertThat(polls.answer(m1, waiting(9), 0).getResult()).isInstanceOf(Problem.class);
    }
  }

  @Test
  void what_is_there_already_is_answered_at_once(@TempDir Path folder) {
    try (var targets = cache(folder)) {
      targets.accept(build(7));
      assertThat(over(targets).answer(new MachineId("m1"), waiting(6), 0).hasResult()).isTrue();
    }
  }

  @Test
  void a_stop_answers_everybody_and_lets_nobody_wait(@TempDir Path folder) {
    try (var targets = cache(folder)) {
      var polls = over(targets);
      var waits = polls.answer(new MachineId("m1"), waiting(0), 0);
      polls.close();
      assertThat(waits.hasResult()).isTrue();
      assertThat(polls.answer(new MachineId("m1"), waiting(0), 0).hasResult()).isTrue();
    }
  }

  @Test
  void the_more_machines_a_region_has_the_longer_each_waits_before_it_comes_back(
      @TempDir Path folder) {
    try (var targets = cache(folder)) {
      var polls = over(targets);
      assertThat(retrySeconds(polls)).isEqualTo(2);
      hear(10_000);
      // half of it at least: a thousand a second
      assertThat(retrySeconds(polls)).isEqualTo(20);
      hear(40_000);
      assertThat(retrySeconds(polls)).isEqualTo(30);
    }
  }

  private static int retrySeconds(LongPoll polls) {
    var answer = (PollAnswer) polls.answer(new MachineId("m1"), AT_ONCE, 0).getResult();
    return requireNonNull(answer).retrySeconds();
  }

  private void hear(int machines) {
    for (var n = 0; n < machines; n++) {
      fleet.hear(new MachineId("m" + n), AT_ONCE, 0);
    }
  }
}
