package dev.slipway.machine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The unit of the machine agent, as systemd itself reads it, where there is one. */
@NullMarked
class SystemdUnitTest {
  private static final Path UNIT = Path.of("..", "systemd", "slipway-machine-agent.service");

  /** Of systemd's own points for what a unit may do: 10 for everything. */
  private static final String MOST_EXPOSED = "--threshold=25";

  @TempDir Path folder;

  @Test
  void it_is_well_formed() throws Exception {
    assertThat(analyze("verify", unit().toString())).isEmpty();
  }

  @Test
  void it_may_do_little() throws Exception {
    assertThat(analyze("security", "--offline=true", MOST_EXPOSED, unit().toString()))
        .contains("Overall exposure level");
  }

  @Test
  void its_apps_outlive_it() throws IOException {
    assertThat(Files.readAllLines(UNIT)).contains("KillMode=process", "OOMPolicy=continue");
  }

  /** With a program that is on every host. */
  private Path unit() throws IOException {
    return Files.writeString(
        folder.resolve("slipway-machine-agent.service"),
        Files.readString(UNIT).replaceAll("(?m)^ExecStart=.*", "ExecStart=/bin/sh"));
  }

  private static String analyze(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("systemd-analyze"));
    command.addAll(List.of(arguments));
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException none) {
      System.out.println("NOT CHECKED: the unit of systemd, as there is no systemd-analyze here");
      Assumptions.abort("no systemd-analyze");
      throw none;
    }
    try (var out = process.getInputStream()) {
      var said = new String(out.readAllBytes(), UTF_8);
      assertThat(process.waitFor()).as(said).isZero();
      return said;
    }
  }
}
