package dev.slipway.region;

import static dev.slipway.region.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.artifact.ArtifactNames;
import dev.slipway.common.blob.FolderBlobStore;
import dev.slipway.common.replica.ReplicationMode;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies from bucket to bucket. */
@NullMarked
class BucketCopyTest {
  private final Path folder;
  private final Home home;
  private final FakeCentre centre;

  BucketCopyTest(@TempDir Path folder) throws Exception {
    this.folder = folder;
    home = new Home(folder);
    centre = new FakeCentre();
    centre.mode = ReplicationMode.BUCKET_COPY;
  }

  @AfterEach
  void stop() {
    centre.close();
  }

  private Region region() {
    return new Region("eu", folder, home, centre.address());
  }

  @Test
  void the_service_copies_and_the_agent_takes_it_from_the_regions_bucket() throws Exception {
    var build = home.publish(7, Home.bytes(3_000_000, 1));
    centre.want("eu", build);
    try (var eu = region()) {
      eventually("it is claimed", () -> centre.isClaimed("eu", 7));
      assertThat(eu.holds(build)).isTrue();
      assertThat(centre.claim("eu", 7).movedBytes()).isEqualTo(3_000_000);
      assertThat(eu.count("slipway.replication.fetches", "path", "bucket-copy")).isOne();
      assertThat(eu.count("slipway.origin.bytes")).isZero();
      eventually("it is shared", () -> java.nio.file.Files.exists(eu.cached(build)));
    }
  }

  @Test
  void what_is_there_already_is_read_whole_before_it_is_claimed() throws Exception {
    var build = home.publish(7, Home.bytes(300_000, 2));
    put(build);
    centre.want("eu", build);
    try (var eu = region()) {
      eventually("it is claimed", () -> centre.isClaimed("eu", 7));
      assertThat(centre.claim("eu", 7).movedBytes()).isZero();
      assertThat(eu.holds(build)).isTrue();
    }
  }

  @Test
  void bytes_of_another_digest_are_taken_away_again_and_not_claimed() throws Exception {
    var build = home.publish(7, Home.bytes(300_000, 3), Home.sha256(Home.bytes(300_000, 4)));
    centre.want("eu", build);
    try (var eu = region()) {
      eventually(
          "it is refused", () -> eu.count("slipway.replication.copies", "outcome", "corrupt") >= 1);
      assertThat(centre.isClaimed("eu", 7)).isFalse();
      eventually("it is gone", () -> !java.nio.file.Files.exists(eu.artifact(build)));
    }
  }

  @Test
  void bytes_that_changed_at_home_are_not_copied() throws Exception {
    var build = home.publish(7, Home.bytes(300_000, 5));
    home.corrupt(build);
    centre.want("eu", build);
    try (var eu = region()) {
      eventually(
          "it fails", () -> eu.count("slipway.replication.copies", "outcome", "failed") >= 1);
      assertThat(centre.isClaimed("eu", 7)).isFalse();
      assertThat(eu.artifact(build)).doesNotExist();
    }
  }

  private void put(Home.Build build) throws Exception {
    new FolderBlobStore(folder.resolve("eu-bucket"))
        .create(ArtifactNames.artifact(Home.APP, build.sha256()), out -> out.write(build.bytes()));
  }
}
