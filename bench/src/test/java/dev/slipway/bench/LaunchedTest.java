package dev.slipway.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class LaunchedTest {
  @Test
  void it_is_there_once_it_has_said_so_and_gone_once_it_is_closed() throws Exception {
    ProcessHandle handle;
    try (var launched =
        Launched.start(
            List.of("sh", "-c", "echo starting; echo ready: now; exec sleep 60"), "ready: ")) {
      handle = launched.handle();
      assertThat(handle.isAlive()).isTrue();
      assertThat(launched.readySeconds()).isBetween(0.0, 60.0);
      assertThat(Memory.residentMb(handle)).isPositive();
    }
    assertThat(handle.isAlive()).isFalse();
  }

  @Test
  void what_ends_before_it_is_ready_is_an_error_with_its_last_words() {
    assertThatThrownBy(
            () -> Launched.start(List.of("sh", "-c", "echo port taken; exit 1"), "ready: "))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("port taken");
  }

  @Test
  void one_who_waits_for_it_can_be_interrupted() throws Exception {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> Launched.start(List.of("sleep", "60"), "ready: "))
        .isInstanceOf(InterruptedException.class);
  }

  @Test
  void an_end_that_is_a_crash_is_an_error() throws Exception {
    var launched =
        Launched.start(
            List.of("sh", "-c", "trap 'kill -SEGV $$' TERM; echo ready: now; sleep 60 & wait"),
            "ready: ");

    assertThatThrownBy(launched::close)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ended as 139");
  }
}
