package dev.slipway.bench.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.standalone.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartTest {
  @TempDir Path folder;

  @Test
  void a_start_beside_another_process_says_so_and_one_after_it_does_not() throws Exception {
    var first = start(1, "exec sleep 60");
    try {
      awaitLines(1);
      start(2, "").waitFor(20, TimeUnit.SECONDS);
    } finally {
      first.destroyForcibly().waitFor();
    }
    start(3, "").waitFor(20, TimeUnit.SECONDS);
    assertThat(Start.read(history()))
        .containsExactly(new Start(1, true), new Start(2, false), new Start(3, true));
  }

  @Test
  void a_line_that_is_being_written_is_not_read() throws IOException {
    Files.writeString(history(), "1 alone 10 1000\n2 alo");
    assertThat(Start.read(history())).containsExactly(new Start(1, true));
  }

  @Test
  void before_the_first_start_there_is_none() throws IOException {
    assertThat(Start.read(history())).isEmpty();
  }

  private Path history() {
    return folder.resolve("history");
  }

  private Process start(int build, String life) throws IOException {
    var shell = new ProcessBuilder("sh", "-c", Start.SCRIPT + life);
    shell.environment().put("HISTORY", history().toString());
    shell.environment().put("SLIPWAY_BUILD", String.valueOf(build));
    return shell.start();
  }

  private void awaitLines(int count) throws Exception {
    Wait.until(count + " starts", () -> Start.read(history()).size() >= count ? history() : null);
  }
}
