package dev.slipway.region.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.artifact.ArtifactNames;
import dev.slipway.common.blob.FolderBlobStore;
import dev.slipway.common.replica.Replication;
import dev.slipway.common.replica.ReplicationMode;
import dev.slipway.region.Home;
import dev.slipway.region.cache.ArtifactCache;
import dev.slipway.region.cache.DigestMismatch;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
class OwnBucketTest {
  private final Home.Build build;
  private final Replication wanted;
  private final Path file;
  private final OwnBucket own;

  OwnBucketTest(@TempDir Path folder) throws Exception {
    var home = new Home(folder);
    build = home.publish(7, Home.bytes(300_000, 1));
    wanted =
        new Replication(
            7,
            Home.APP,
            build.sha256(),
            build.bytes().length,
            build.crc32c(),
            build.manifest(),
            URI.create("http://nobody"),
            ReplicationMode.SWARM,
            true,
            null);
    file = folder.resolve("own").resolve(ArtifactNames.artifact(Home.APP, build.sha256()));
    var bucket = new FolderBlobStore(folder.resolve("own"));
    own = new OwnBucket(bucket, new SignedManifests(bucket, home.trusted()));
  }

  private ArtifactCache.Source right() {
    return () -> new ByteArrayInputStream(build.bytes());
  }

  @Test
  void what_is_right_is_left_as_it_is() throws Exception {
    own.put(wanted, right());
    var written = Files.getLastModifiedTime(file);
    own.put(
        wanted,
        () -> {
          throw new IOException("nobody reads this");
        });
    assertThat(Files.getLastModifiedTime(file)).isEqualTo(written);
  }

  @Test
  void what_is_wrong_is_replaced() throws Exception {
    own.put(wanted, right());
    Files.write(file, Home.bytes(300_000, 2));
    own.put(wanted, right());
    assertThat(file).hasBinaryContent(build.bytes());
  }

  @Test
  void a_source_that_is_wrong_leaves_nothing() {
    assertThatThrownBy(
            () -> own.put(wanted, () -> new ByteArrayInputStream(Home.bytes(300_000, 2))))
        .isInstanceOf(DigestMismatch.class);
    assertThat(file).doesNotExist();
  }

  @Test
  void one_that_was_slower_keeps_what_the_faster_one_has_written() throws Exception {
    var both = new CyclicBarrier(2);
    ArtifactCache.Source together =
        () -> {
          try {
            both.await();
          } catch (Exception e) {
            throw new IOException(e);
          }
          return right().open();
        };
    try (var agents = Executors.newVirtualThreadPerTaskExecutor()) {
      var one = agents.submit(() -> write(together));
      var other = agents.submit(() -> write(together));
      // both were past their look at the bucket when the first byte was read
      assertThat(one.get()).isTrue();
      assertThat(other.get()).isTrue();
    }
    assertThat(file).hasBinaryContent(build.bytes());
  }

  @Test
  void one_that_was_slower_fails_where_the_faster_one_has_written_something_else() {
    assertThatThrownBy(() ->
            own.put(
                wanted,
                () -> {
                  Files.createDirectories(file.getParent());
                  Files.write(file, Home.bytes(300_000, 2));
                  return right().open();
                }))
        .hasMessageContaining("another agent wrote");
  }

  private boolean write(ArtifactCache.Source source) throws IOException {
    own.put(wanted, source);
    return true;
  }
}
