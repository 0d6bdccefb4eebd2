package dev.slipway.machine;

import static dev.slipway.machine.TestMachine.APP;
import static dev.slipway.machine.TestMachine.RUN;
import static dev.slipway.machine.TestMachine.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.Form;
import dev.slipway.common.artifact.SigningKey;
import dev.slipway.common.artifact.TrustedKeys;
import dev.slipway.common.machine.AppState;
import dev.slipway.common.target.Release;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing that is not exactly what somebody trusted signed ever starts. */
@NullMarked
class UntrustedTest {
  @TempDir Path folder;
  private TestMachine machine;

  @BeforeEach
  void build() throws IOException {
    machine = new TestMachine(folder);
  }

  @AfterEach
  void stop() {
    machine.close();
  }

  private void assertRefused(Release release, String reason) throws Exception {
    machine.region.assign(APP, 1, release);
    var report = machine.start().awaitReport(AppState.FAILED, 1);
    assertThat(report.detail()).contains(reason);
    assertThat(report.running()).isNull();
    assertThat(machine.meters.counter("slipway.machine.releases.refused").count()).isOne();
    assertThat(machine.started()).isEmpty();
    assertThat(machine.dir.resolve("apps/hello/releases")).isEmptyDirectory();
  }

  @Test
  void a_manifest_that_nobody_trusted_has_signed() throws Exception {
    var stranger = SigningKey.generate();
    machine.region.signer =
        SigningKey.of(TrustedKeys.idOf(stranger.publicKey()), stranger.privateKey());
    assertRefused(machine.region.publish(APP, 7, TinyApp.script(), RUN), "trusted key");
  }

  @Test
  void a_signature_under_a_trusted_keys_name_by_another_key() throws Exception {
    var stranger = SigningKey.generate();
    machine.region.signer =
        SigningKey.of(TrustedKeys.idOf(machine.region.trustedKey()), stranger.privateKey());
    assertRefused(machine.region.publish(APP, 7, TinyApp.script(), RUN), "trusted key");
  }

  @Test
  void the_manifest_of_another_app() throws Exception {
    var other = new AppName("other");
    machine.region.publish(APP, 7, TinyApp.script(), RUN);
    var release = machine.region.publish(other, 7, TinyApp.script(), RUN);
    assertRefused(release, "the manifest's app is other");
  }

  @Test
  void the_manifest_of_another_build() throws Exception {
    var release = machine.region.publish(APP, 6, TinyApp.script(), RUN);
    assertRefused(
        new Release(7, release.sha256(), release.size(), release.manifest()),
        "the manifest's build is 6");
  }

  /** Validly signed, and once the right answer. */
  @Test
  void an_older_manifest_in_the_place_of_the_one_that_was_asked_for() throws Exception {
    var old = machine.region.publish(APP, 6, TinyApp.script(), RUN);
    var release = machine.region.publish(APP, 7, TinyApp.script() + "# new", RUN);
    assertRefused(
        new Release(7, release.sha256(), release.size(), old.manifest()),
        "the manifest's build is 6");
  }

  @Test
  void a_manifest_about_other_bytes() throws Exception {
    var release = machine.region.publish(APP, 7, TinyApp.script(), RUN);
    assertRefused(
        new Release(7, FakeRegion.sha256(new byte[1]), release.size(), release.manifest()),
        "the manifest's sha256 is");
  }

  @Test
  void corrupted_bytes_are_fetched_again_and_run_only_when_they_are_right() throws Exception {
    machine.region.served =
        bytes -> {
          var changed = bytes.clone();
          changed[bytes.length - 1]++;
          return changed;
        };
    machine.region.assign(APP, 1, machine.region.publish(APP, 7, TinyApp.script(), RUN));
    machine.start().awaitReport(AppState.FAILED, 1);
    assertThat(machine.region.reports(APP).getLast().detail()).contains("was signed");
    assertThat(machine.started()).isEmpty();
    assertThat(machine.meters.counter("slipway.machine.digest.mismatches").count())
        .isGreaterThanOrEqualTo(3);
    machine.region.served = bytes -> bytes;
    machine.awaitReport(AppState.RUNNING, 1);
    assertThat(machine.started()).containsExactly("7");
  }

  @Test
  void more_bytes_than_promised() throws Exception {
    machine.region.served = bytes -> java.util.Arrays.copyOf(bytes, bytes.length + 1);
    machine.region.assign(APP, 1, machine.region.publish(APP, 7, TinyApp.script(), RUN));
    machine.start();
    // what is beyond the signed size is not read, so there is nothing wrong with the rest
    machine.awaitReport(AppState.RUNNING, 1);
    assertThat(machine.started()).containsExactly("7");
  }

  @Test
  void a_hostile_archive() throws Exception {
    var tar = new ByteArrayOutputStream();
    try (var out = new TarArchiveOutputStream(tar)) {
      var entry = new TarArchiveEntry("../../../../evil");
      entry.setSize(1);
      out.putArchiveEntry(entry);
      out.write('x');
      out.closeArchiveEntry();
    }
    var release = machine.region.publish(APP, 7, tar.toByteArray(), Form.TAR, "app", RUN);
    assertRefused(release, "the archive has a path that leaves it");
    until(() -> !java.nio.file.Files.exists(folder.resolve("evil")));
  }
}
