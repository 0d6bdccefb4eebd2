package dev.slipway.region.target;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.Envelope;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.loop.Changes;
import dev.slipway.common.problem.Problem;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.target.FleetReport;
import dev.slipway.common.target.Release;
import dev.slipway.common.target.Target;
import dev.slipway.common.target.TargetApi;
import dev.slipway.common.target.Targets;
import dev.slipway.region.Upstream;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
class TargetFollowerTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final AtomicLong nanos = new AtomicLong();
  private final Changes changes = new Changes();
  private final TargetCache cache;
  private final Centre centre = new Centre();
  private final TargetFollower follower;

  TargetFollowerTest(@TempDir Path folder) {
    cache = new TargetCache(TargetFile.open(folder.resolve("targets.mv"), meters), changes);
    follower =
        new TargetFollower(
            centre, new RegionName("eu"), cache, new Upstream("targets", meters), nanos::get);
  }

  @AfterEach
  void close() {
    cache.close();
  }

  /** Signs what it has with a count of how often it was asked. */
  private static final class Centre implements TargetApi {
    private final List<Long> asked = new ArrayList<>();
    private Target target = target(5);
    private boolean away;

    @Override
    public Targets targets(RegionName region, long after, int wait) {
      asked.add(after);
      if (away) {
        throw new Problem(503, "away", "away");
      }
      var signed = target.signed(signature(asked.size()));
      return target.revision() > after
          ? new Targets(target.revision(), List.of(signed))
          : new Targets(after, List.of());
    }

    @Override
    public void report(RegionName region, FleetReport report) {
      throw new UnsupportedOperationException();
    }
  }

  private static Target target(long revision) {
    var release = new Release(revision, new Sha256("a".repeat(64)), 1, "manifests/hello/1-1.json");
    return new Target(new AppName("hello"), revision, release, 100, null, null);
  }

  private static Envelope signature(int number) {
    return new Envelope("type", "e30=", List.of(new Envelope.Signature("key", "" + number)));
  }

  @Test
  void targets_are_fetched_whole_at_first_and_signed_anew_each_renewal() throws Exception {
    follower.runOnce();
    follower.runOnce();
    assertThat(centre.asked).containsExactly(0L, 5L);
    var told = changes.count();
    nanos.addAndGet(TargetFollower.RENEWAL.toNanos());
    follower.runOnce();
    follower.runOnce();
    assertThat(centre.asked).containsExactly(0L, 5L, 0L, 5L);
    assertThat(cache.snapshot().newestFirst()).containsExactly(target(5).signed(signature(3)));
    assertThat(changes.count()).as("no machine is woken for it").isEqualTo(told);
  }

  @Test
  void a_new_target_that_comes_with_a_renewal_is_told() throws Exception {
    follower.runOnce();
    var told = changes.count();
    centre.target = target(9);
    nanos.addAndGet(TargetFollower.RENEWAL.toNanos());
    follower.runOnce();
    assertThat(cache.snapshot().revision()).isEqualTo(9);
    assertThat(changes.count()).isGreaterThan(told);
  }

  @Test
  void a_centre_that_is_away_is_asked_on_for_all_and_what_is_here_stays() throws Exception {
    follower.runOnce();
    centre.away = true;
    nanos.addAndGet(TargetFollower.RENEWAL.toNanos());
    follower.runOnce();
    assertThat(cache.snapshot().newestFirst()).containsExactly(target(5).signed(signature(1)));
    centre.away = false;
    follower.runOnce();
    assertThat(centre.asked).containsExactly(0L, 0L, 0L);
    assertThat(cache.snapshot().newestFirst()).containsExactly(target(5).signed(signature(3)));
  }
}
