package dev.slipway.region.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.swarm.PieceHasher;
import dev.slipway.common.swarm.Torrent;
import dev.slipway.region.Home;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
class ArtifactCacheTest {
  private static final int SIZE = 50_000;

  private final Path folder;
  private final Set<Sha256> needed = new HashSet<>();
  private final ArtifactCache cache;

  ArtifactCacheTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    this.cache = open();
  }

  private ArtifactCache open() throws IOException {
    return new ArtifactCache(folder, 2L * SIZE, () -> needed, null, new SimpleMeterRegistry());
  }

  private static byte[] bytes(int seed) {
    return Home.bytes(SIZE, seed);
  }

  private static Torrent torrent(int seed) throws Exception {
    var hasher = new PieceHasher(SIZE);
    hasher.update(bytes(seed), 0, SIZE);
    var digest = MessageDigest.getInstance("SHA-256").digest(bytes(seed));
    return hasher.finish(new Sha256(HexFormat.of().formatHex(digest)));
  }

  private static Sha256 name(int seed) throws Exception {
    return new Sha256(torrent(seed).name());
  }

  private void take(int seed) throws Exception {
    cache.take(torrent(seed), () -> new ByteArrayInputStream(bytes(seed)));
  }

  @Test
  void the_least_recently_used_goes_when_there_is_no_room() throws Exception {
    take(1);
    take(2);
    assertThat(cache.file(name(1))).isPresent();
    take(3);
    assertThat(cache.file(name(2))).isEmpty();
    assertThat(folder.resolve(name(2).value())).doesNotExist();
    assertThat(cache.file(name(1))).isPresent();
    assertThat(cache.file(name(3)).orElseThrow()).hasBinaryContent(bytes(3));
  }

  @Test
  void what_machines_need_stays() throws Exception {
    take(1);
    needed.add(name(1));
    take(2);
    take(3);
    assertThat(cache.file(name(1))).isPresent();
    needed.add(name(3));
    assertThatThrownBy(() -> take(4)).isInstanceOf(NoRoom.class);
    assertThat(cache.file(name(1))).isPresent();
    assertThat(cache.file(name(3))).isPresent();
  }

  @Test
  void what_is_not_the_artifact_is_not_kept() throws Exception {
    assertThatThrownBy(() -> cache.take(torrent(1), () -> new ByteArrayInputStream(bytes(2))))
        .isInstanceOf(DigestMismatch.class);
    assertThat(cache.file(name(1))).isEmpty();
    assertThat(folder).isEmptyDirectory();
    take(1);
    assertThat(cache.file(name(1))).isPresent();
  }

  @Test
  void what_is_damaged_on_disk_is_not_served_after_a_restart() throws Exception {
    take(1);
    take(2);
    var damaged = folder.resolve(name(1).value());
    var content = Files.readAllBytes(damaged);
    content[7] ^= 1;
    Files.write(damaged, content);
    var restarted = open();
    assertThat(restarted.file(name(2))).isEmpty();
    restarted.reopen();
    assertThat(restarted.file(name(1))).isEmpty();
    assertThat(damaged).doesNotExist();
    assertThat(restarted.file(name(2))).isPresent();
  }

  @Test
  void what_is_damaged_while_it_is_here_is_found_in_turn_and_thrown_away() throws Exception {
    take(1);
    take(2);
    var damaged = folder.resolve(name(2).value());
    Files.write(damaged, bytes(3));
    cache.recheck();
    assertThat(cache.file(name(2))).isPresent();
    assertThatThrownBy(cache::recheck).isInstanceOf(DigestMismatch.class);
    assertThat(cache.file(name(2))).isEmpty();
    assertThat(damaged).doesNotExist();
    cache.recheck();
    assertThat(cache.file(name(1))).isPresent();
  }

  @Test
  void leftovers_are_removed_at_start() throws Exception {
    take(1);
    Files.writeString(folder.resolve(name(2) + ".part"), "half");
    Files.writeString(folder.resolve(name(3) + ".torrent"), "of nothing");
    Files.writeString(folder.resolve(name(3) + ".info"), "draft");
    open();
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(name(1).value(), name(1) + ".torrent");
    }
  }
}
