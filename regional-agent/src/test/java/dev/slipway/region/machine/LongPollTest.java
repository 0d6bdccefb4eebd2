package dev.slipway.region.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.loop.Changes;
import dev.slipway.common.machine.Limits;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.machine.Poll;
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

  @Test
  void the_more_machines_a_region_has_the_longer_each_waits_before_it_comes_back(
      @TempDir Path folder) throws Exception {
    var file = TargetFile.open(folder.resolve("targets.mv"), new SimpleMeterRegistry());
    try (var targets = new TargetCache(file, changes)) {
      var polls = over(targets);
      var machine = new MachineId("m1");
      assertThat(polls.answer(machine, AT_ONCE).retrySeconds()).isEqualTo(2);
      hear(10_000);
      // half of it at least: a thousand a second
      assertThat(polls.answer(machine, AT_ONCE).retrySeconds()).isEqualTo(20);
      hear(40_000);
      assertThat(polls.answer(machine, AT_ONCE).retrySeconds()).isEqualTo(30);
    }
  }

  private void hear(int machines) {
    for (var n = 0; n < machines; n++) {
      fleet.hear(new MachineId("m" + n), AT_ONCE);
    }
  }
}
