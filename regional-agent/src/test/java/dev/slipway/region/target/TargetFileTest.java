package dev.slipway.region.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.loop.Changes;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.target.Release;
import dev.slipway.common.target.Revoked;
import dev.slipway.common.target.Target;
import dev.slipway.common.target.Targets;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.health.contributor.Status;

@NullMarked
class TargetFileTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Path path;

  TargetFileTest(@TempDir Path folder) {
    path = folder.resolve("deeper/targets.mv");
  }

  private TargetCache open() {
    return new TargetCache(TargetFile.open(path, meters), new Changes());
  }

  private static Target target(String app, long revision) {
    var release = new Release(revision, new Sha256("a".repeat(64)), 1, "manifests/x/1-1.json");
    return new Target(new AppName(app), revision, release, 100, null, null);
  }

  private static Targets targets(long revision, Target... targets) {
    return new Targets(revision, List.of(targets));
  }

  @Test
  void what_was_accepted_is_there_after_a_restart() {
    try (var cache = open()) {
      assertThat(cache.accept(targets(5, target("one", 3), target("two", 5)))).isTrue();
      assertThat(cache.accept(targets(6, target("one", 6)))).isTrue();
    }
    try (var cache = open()) {
      assertThat(cache.snapshot().revision()).isEqualTo(6);
      assertThat(cache.snapshot().newestFirst())
          .containsExactly(target("one", 6), target("two", 5));
    }
  }

  @Test
  void who_was_revoked_stays_so_after_a_restart_and_the_last_time_counts() {
    var m1 = new MachineId("m1");
    try (var cache = open()) {
      assertThat(cache.accept(new Targets(5, List.of(), List.of(new Revoked(m1, 5))))).isTrue();
      assertThat(cache.accept(new Targets(5, List.of(), List.of(new Revoked(m1, 5))))).isFalse();
      cache.accept(new Targets(8, List.of(target("one", 7)), List.of(new Revoked(m1, 8))));
      cache.accept(new Targets(8, List.of(), List.of(new Revoked(m1, 5))));
      assertThat(cache.snapshot().epochOf(m1)).isEqualTo(8);
    }
    try (var cache = open()) {
      assertThat(cache.snapshot().epochOf(m1)).isEqualTo(8);
      assertThat(cache.snapshot().epochOf(new MachineId("m2"))).isZero();
      assertThat(cache.snapshot().newestFirst()).containsExactly(target("one", 7));
    }
  }

  @Test
  void after_a_write_that_failed_the_next_one_is_taken_again() {
    try (var cache = open()) {
      cache.accept(targets(5, target("one", 5)));
      // an interrupt closes the channel under a write, as a broken disk would fail it
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> cache.accept(targets(6, target("two", 6))))
          .isInstanceOf(MVStoreException.class);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(cache.snapshot().revision()).isEqualTo(5);
      assertThat(cache.isBehind()).isTrue();
      assertThat(new TargetHealth(cache).health().getStatus()).isEqualTo(Status.DOWN);
      assertThat(cache.accept(targets(6, target("two", 6)))).isTrue();
      assertThat(cache.isBehind()).isFalse();
      assertThat(new TargetHealth(cache).health().getStatus()).isEqualTo(Status.UP);
    }
    try (var cache = open()) {
      assertThat(cache.snapshot().newestFirst())
          .containsExactly(target("two", 6), target("one", 5));
    }
  }

  @Test
  void what_was_accepted_survives_a_kill() throws Exception {
    var copy = path.resolveSibling("copy.mv");
    try (var cache = open()) {
      cache.accept(targets(5, target("one", 5)));
      Files.copy(path, copy);
    }
    try (var cache = new TargetCache(TargetFile.open(copy, meters), new Changes())) {
      assertThat(cache.snapshot().revision()).isEqualTo(5);
      assertThat(cache.snapshot().newestFirst()).containsExactly(target("one", 5));
    }
  }

  @Test
  void a_revision_never_goes_down() {
    try (var cache = open()) {
      cache.accept(targets(9, target("one", 9)));
      assertThat(cache.accept(targets(4, target("one", 4)))).isFalse();
      assertThat(cache.snapshot().revision()).isEqualTo(9);
      assertThat(cache.snapshot().newestFirst()).containsExactly(target("one", 9));
    }
  }

  @Test
  void a_damaged_file_is_set_aside_and_all_is_fetched_anew() throws Exception {
    try (var cache = open()) {
      cache.accept(targets(9, target("one", 9)));
    }
    var bytes = Files.readAllBytes(path);
    Arrays.fill(bytes, (byte) 'x');
    Files.write(path, bytes);
    try (var cache = open()) {
      assertThat(cache.snapshot().revision()).isZero();
      assertThat(cache.accept(targets(9, target("one", 9)))).isTrue();
    }
    assertThat(meters.counter("slipway.targets.damaged").count()).isOne();
    try (var files = Files.list(path.getParent())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .anyMatch(name -> name.startsWith("targets.mv.damaged-"));
    }
  }

  @Test
  void a_file_in_use_is_not_taken_for_a_damaged_one() {
    try (var cache = open()) {
      cache.accept(targets(9, target("one", 9)));
      assertThatThrownBy(this::open)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("in use by another process");
    }
    assertThat(meters.counter("slipway.targets.damaged").count()).isZero();
  }
}
