package dev.slipway.machine.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
class LogFileTest {
  private static final int LONG = (10 << 20) + 1;

  private final Path log;
  private final Path aside;

  LogFileTest(@TempDir Path folder) throws IOException {
    log = Files.write(folder.resolve("app.log"), new byte[LONG]);
    aside = folder.resolve("app.log.1");
  }

  @Test
  void a_long_log_is_put_aside_and_begun_anew() throws IOException {
    LogFile.bound(log);
    assertThat(log).isEmptyFile();
    assertThat(aside).hasSize(LONG);
  }

  @Test
  void a_log_that_cannot_be_put_aside_is_bounded_all_the_same() throws IOException {
    Files.createDirectories(aside.resolve("in the way"));
    assertThatThrownBy(() -> LogFile.bound(log)).isInstanceOf(IOException.class);
    assertThat(log).isEmptyFile();
  }
}
