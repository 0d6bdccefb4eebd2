package dev.slipway.machine;

import static dev.slipway.machine.TestMachine.APP;
import static dev.slipway.machine.TestMachine.RUN;
import static dev.slipway.machine.TestMachine.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.common.artifact.Form;
import dev.slipway.common.machine.AppState;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine whose disk fills: a small one in memory, which only root can mount. */
@NullMarked
class FullDiskTest {
  private static final int MEGABYTE = 1 << 20;
  private static final int DISK = 160 * MEGABYTE;

  @TempDir Path folder;
  private TestMachine machine;

  @BeforeEach
  void mount() throws Exception {
    machine = new TestMachine(folder);
    Files.createDirectories(machine.dir);
    var mounted =
        run("mount", "-t", "tmpfs", "-o", "size=" + DISK, "tmpfs", machine.dir.toString());
    if (!mounted) {
      System.err.println("SKIPPED: FullDiskTest needs root and a kernel that mounts a tmpfs");
    }
    assumeTrue(mounted, "needs root");
    machine.start();
  }

  @AfterEach
  void unmount() throws Exception {
    machine.close();
    run("umount", "-l", machine.dir.toString());
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }

  private void assign(long build, long revision, int size) {
    var script = (TinyApp.script() + "exit; #" + build).getBytes(StandardCharsets.UTF_8);
    var bytes = Arrays.copyOf(script, Math.max(size, script.length));
    machine.region.assign(
        APP, revision, machine.region.publish(APP, build, bytes, Form.FILE, "app.sh", RUN));
  }

  private void deploy(long build, long revision, int size) throws Exception {
    assign(build, revision, size);
    machine.awaitReport(AppState.RUNNING, revision);
  }

  /** Somebody else's file, which leaves so much. */
  private Path fillBut(long free) throws IOException {
    var other = machine.dir.resolve("other");
    var store = Files.getFileStore(machine.dir);
    try (var file = new RandomAccessFile(other.toFile(), "rw")) {
      var chunk = new byte[64 << 10];
      while (store.getUsableSpace() > free) {
        file.write(chunk, 0, (int) Math.min(chunk.length, store.getUsableSpace() - free));
      }
    }
    return other;
  }

  @Test
  void a_download_that_has_no_room_is_refused_with_the_numbers_and_done_when_there_is()
      throws Exception {
    deploy(7, 1, 0);
    var other = fillBut(50 * MEGABYTE);
    assign(8, 2, 5 * MEGABYTE);
    var report = machine.awaitReport(AppState.FAILED, 2);
    assertThat(report.detail())
        .containsPattern("the disk has [45]\\d MB free, but 74 MB are needed");
    assertThat(report.running()).isEqualTo(7);
    assertThat(machine.answer()).startsWith("7 ");
    assertThat(machine.started()).containsExactly("7");
    Files.delete(other);
    machine.awaitReport(AppState.RUNNING, 2);
    assertThat(machine.answer()).startsWith("8 ");
  }

  @Test
  void a_disk_without_a_byte_stops_nothing_that_runs() throws Exception {
    deploy(7, 1, 0);
    var other = fillBut(0);
    assign(8, 2, 0);
    var report = machine.awaitReport(r -> r.state() == AppState.FAILED);
    assertThat(report.detail()).contains("No space left");
    assertThat(report.running()).isEqualTo(7);
    assertThat(machine.answer()).startsWith("7 ");
    Files.delete(other);
    machine.awaitReport(AppState.RUNNING, 2);
    assertThat(machine.started()).containsExactly("7", "8");
  }

  @Test
  void what_is_kept_for_a_rollback_further_back_makes_room() throws Exception {
    deploy(7, 1, 10 * MEGABYTE);
    deploy(8, 2, 10 * MEGABYTE);
    deploy(9, 3, 10 * MEGABYTE);
    var releases = machine.dir.resolve("apps/hello/releases");
    assertThat(releases.resolve("7")).exists();
    // 84 MB are needed, and the oldest release has ten
    fillBut(80 * MEGABYTE);
    deploy(10, 4, 10 * MEGABYTE);
    assertThat(releases.resolve("7")).doesNotExist();
    assertThat(releases.resolve("9")).exists();
    until(() -> machine.answer().startsWith("10 "));
  }
}
