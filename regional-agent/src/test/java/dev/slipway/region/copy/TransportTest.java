package dev.slipway.region.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.Form;
import dev.slipway.common.artifact.Manifest;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.job.CommitSha;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.swarm.PieceHasher;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class TransportTest {
  private static final Sha256 ARTIFACT = new Sha256("a".repeat(64));
  private static final int SIZE = 40_000;

  @Test
  void a_torrent_must_be_of_the_manifests_artifact() {
    assertThat(Transport.torrentOf(manifest(torrent(ARTIFACT, SIZE))).size()).isEqualTo(SIZE);
    assertRefused(torrent(ARTIFACT, SIZE + 1));
    assertRefused(torrent(new Sha256("b".repeat(64)), SIZE));
    assertRefused("not base64");
    assertRefused("");
  }

  private static void assertRefused(String torrent) {
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> Transport.torrentOf(manifest(torrent)))
        .withMessageContaining("torrent");
  }

  private static String torrent(Sha256 name, int size) {
    var hasher = new PieceHasher(size);
    hasher.update(new byte[size], 0, size);
    return Base64.getEncoder().encodeToString(hasher.finish(name).info());
  }

  private static Manifest manifest(String torrent) {
    return new Manifest(
        new AppName("hello"),
        7,
        1,
        new CommitSha("c".repeat(40)),
        SIZE,
        ARTIFACT,
        "AAAAAA==",
        Form.FILE,
        "app",
        torrent,
        null,
        null,
        "worker-1",
        Instant.parse("2026-01-01T00:00:00Z"));
  }
}
