package dev.slipway.deploy.console.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.deploy.console.Words;
import dev.slipway.deploy.console.build.TimelinePicture.Row;
import dev.slipway.deploy.timeline.Stage;
import dev.slipway.deploy.timeline.Timeline;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@NullMarked
class TimelinePictureTest {
  private static final Instant CAME = Instant.parse("2026-03-01T10:00:00Z");

  private static Instant at(double minutes) {
    return CAME.plusMillis(Math.round(minutes * 60_000));
  }

  /** Stages that end at these minutes; the wait is for a person. */
  private static TimelinePicture picture(
      double now, List<Attempt> attempts, List<Copy> copies, double... ends) {
    var stages = new ArrayList<Stage>();
    var names = Stage.Name.values();
    for (var i = 0; i < names.length; i++) {
      var from = i == 0 ? CAME : i <= ends.length ? at(ends[i - 1]) : null;
      stages.add(stage(names[i], from, i < ends.length ? at(ends[i]) : null, at(now)));
    }
    var counted =
        stages.stream()
            .filter(s -> s.name() != Stage.Name.WAIT)
            .mapToDouble(s -> s.seconds() == null ? 0 : s.seconds())
            .sum();
    var timeline =
        new Timeline(7, "hello", "c", stages, counted, 1800, Timeline.Outlook.ON_TIME, null);
    var words = new Words(Clock.fixed(at(now), ZoneOffset.UTC));
    return TimelinePicture.of(timeline, CAME, attempts, copies, words);
  }

  private static Stage stage(
      Stage.Name name, @Nullable Instant from, @Nullable Instant until, Instant now) {
    var end = until == null ? now : until;
    return new Stage(
        name, from, until, from == null ? null : Duration.between(from, end).toMillis() / 1e3);
  }

  private static Row row(TimelinePicture picture, String name) {
    return picture.rows().stream().filter(r -> r.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void stages_are_bars_on_one_scale() {
    var picture = picture(10, List.of(), List.of(), 1, 5, 8);
    assertThat(row(picture, "queue").bars()).containsExactly(Scale.Bar.of("queue", 0, 10, false));
    assertThat(row(picture, "build").bars()).containsExactly(Scale.Bar.of("build", 10, 40, false));
    assertThat(row(picture, "verify").bars()).containsExactly(Scale.Bar.of("verify", 80, 20, true));
    assertThat(row(picture, "verify").took()).isEqualTo("2 min 0 s …");
    assertThat(row(picture, "deploy").bars()).isEmpty();
  }

  @Test
  void a_wait_for_a_person_takes_no_room_however_long_it_is() {
    var picture = picture(2000, List.of(), List.of(), 1, 5, 8, 10, 1990, 2000);
    assertThat(row(picture, "wait").bars()).isEmpty();
    assertThat(row(picture, "wait").share()).isEqualTo("does not count");
    assertThat(row(picture, "wait").took()).isEqualTo("33 h 0 min");
    assertThat(row(picture, "deploy").bars())
        .containsExactly(Scale.Bar.of("deploy", 50, 50, false));
  }

  @Test
  void the_stages_one_behind_the_other_are_held_against_the_budget() {
    var within = picture(10, List.of(), List.of(), 1, 5, 8);
    assertThat(within.limit()).isEqualTo("100.00%");
    assertThat(within.budget().get(1))
        .isEqualTo(Scale.Bar.of("build", 100 / 30.0, 400 / 30.0, false));
    var beyond = picture(60, List.of(), List.of(), 1, 55, 60);
    assertThat(beyond.limit()).isEqualTo("50.00%");
    assertThat(row(beyond, "build").over()).isTrue();
    assertThat(row(beyond, "queue").over()).isFalse();
  }

  @Test
  void attempts_and_regions_are_parts_of_their_stages() {
    var attempts =
        List.of(
            new Attempt(1, "worker-1", at(1), at(2), "LOST", "its worker was not heard of"),
            new Attempt(2, "worker-2", at(3), at(5), "SUCCEEDED", null));
    var copies =
        List.of(
            new Copy("east", true, "VERIFIED", at(5), at(6), at(8), 1L, null, null),
            new Copy("north", true, "CORRUPT", at(5), at(7), null, 1L, null, "other bytes"),
            new Copy("south", false, null, null, null, null, null, null, null),
            new Copy("west", true, "PRESENT", at(5), at(8), null, 1L, null, null));
    var picture = picture(10, attempts, copies, 1, 5, 8);
    assertThat(picture.rows())
        .extracting(Row::name)
        .containsExactly(
            "queue",
            "build",
            "attempt 1, lost",
            "attempt 2, succeeded",
            "replicate",
            "verify",
            "in east",
            "in north",
            "in west",
            "wait",
            "deploy");
    assertThat(row(picture, "attempt 1, lost").bars())
        .containsExactly(Scale.Bar.of("warn", 10, 10, false));
    assertThat(row(picture, "in east").bars())
        .containsExactly(
            Scale.Bar.of("replicate", 50, 10, false), Scale.Bar.of("verify", 60, 20, false));
    assertThat(row(picture, "in east").took()).isEqualTo("3 min 0 s");
    assertThat(row(picture, "in north").bars()).hasSize(1);
    assertThat(row(picture, "in west").bars())
        .containsExactly(
            Scale.Bar.of("replicate", 50, 30, false), Scale.Bar.of("verify", 80, 20, true));
  }

  @Test
  void a_build_that_has_just_come_is_a_picture_too() {
    var picture = picture(0, List.of(), List.of());
    assertThat(row(picture, "queue").bars()).hasSize(1);
    assertThat(row(picture, "build").took()).isEqualTo("–");
  }
}
