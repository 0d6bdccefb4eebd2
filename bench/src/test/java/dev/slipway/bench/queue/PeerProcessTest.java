package dev.slipway.bench.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
class PeerProcessTest {
  @TempDir Path folder;

  @Test
  void a_command_is_answered_behind_whatever_else_is_printed() throws Exception {
    try (var peer =
        start("echo ok; while read command jobs; do echo connected; echo ok $jobs; done")) {
      assertThat(peer.call("drain", 7)).containsExactly(7.0);
      assertThat(peer.call("drain", 8)).containsExactly(8.0);
    }
  }

  @Test
  void one_that_fails_says_why_and_goes_on() throws Exception {
    try (var peer = start("echo ok; read command; echo error no table; read command; echo ok 1")) {
      assertThatThrownBy(() -> peer.call("drain")).hasMessageContaining("no table");
      assertThat(peer.call("drain")).containsExactly(1.0);
    }
  }

  @Test
  void one_that_ends_is_an_error_at_once() {
    assertThatThrownBy(() -> start("echo starting; exit 1"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ended");
  }

  private PeerProcess start(String script) throws Exception {
    return PeerProcess.start(List.of("sh", "-c", script), folder, folder.resolve("errors"));
  }
}
