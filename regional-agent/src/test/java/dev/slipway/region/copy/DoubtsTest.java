package dev.slipway.region.copy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.app.AppName;
import dev.slipway.common.machine.AppReport;
import dev.slipway.common.machine.AppState;
import dev.slipway.common.machine.Poll;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@NullMarked
class DoubtsTest {
  private final AtomicLong nanos = new AtomicLong();
  private final Doubts doubts = new Doubts(nanos::get);

  private void hear(long build, long bytesDone, @Nullable String detail) {
    var app =
        new AppReport(
            new AppName("hello"),
            build,
            null,
            AppState.DOWNLOADING,
            1,
            bytesDone,
            100,
            detail,
            null);
    doubts.hear(new Poll("z1", List.of(), List.of(app), 1, 0, 0));
  }

  @Test
  void a_machine_with_trouble_to_get_its_bytes_makes_them_doubted() {
    var seen = doubts.changes().count();

    hear(7, 0, "the artifact's sha256 is another");

    assertThat(doubts.changes().count()).isGreaterThan(seen);
    assertThat(doubts.take()).containsExactly(7L);
    assertThat(doubts.take()).isEmpty();
  }

  @Test
  void a_download_that_goes_on_and_an_app_that_is_unwell_say_nothing_about_the_bytes() {
    hear(7, 50, null);
    hear(8, 100, "the app answers 500");

    assertThat(doubts.take()).isEmpty();
  }

  @Test
  void who_complains_all_the_time_is_listened_to_every_half_minute() {
    hear(7, 0, "trouble");
    doubts.take();
    nanos.addAndGet(Duration.ofSeconds(30).toNanos());
    hear(7, 0, "trouble");
    assertThat(doubts.take()).isEmpty();

    nanos.addAndGet(1);
    hear(7, 0, "trouble");

    assertThat(doubts.take()).containsExactly(7L);
  }

  @Test
  void made_up_builds_are_remembered_to_a_bound() {
    for (var build = 1; build <= 2_000; build++) {
      hear(build, 0, "trouble");
    }

    assertThat(doubts.take()).hasSize(1_000);
  }
}
