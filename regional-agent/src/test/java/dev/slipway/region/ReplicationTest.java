package dev.slipway.region;

import static dev.slipway.region.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.artifact.ArtifactNames;
import dev.slipway.common.artifact.SigningKey;
import dev.slipway.common.artifact.TrustedKeys;
import dev.slipway.common.blob.FolderBlobStore;
import dev.slipway.common.target.Target;
import dev.slipway.region.target.TargetCache;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
class ReplicationTest {
  private final Path folder;
  private final Home home;
  private final FakeCentre centre;

  ReplicationTest(@TempDir Path folder) throws Exception {
    this.folder = folder;
    home = new Home(folder);
    centre = new FakeCentre();
  }

  @AfterEach
  void stop() {
    centre.close();
  }

  private Region region(String name, String... more) {
    return new Region(name, folder, home, centre.address(), more);
  }

  @Test
  void two_regions_copy_a_build_by_the_swarm_and_claim_it_with_what_they_moved() throws Exception {
    var build = home.publish(7, Home.bytes(8_000_000, 1));
    try (var eu = region("eu");
        var us = region("us")) {
      centre.want("eu", build);
      centre.want("us", build);
      eventually("eu claims", () -> centre.isClaimed("eu", 7));
      eventually("us claims", () -> centre.isClaimed("us", 7));
      for (var region : new Region[] {eu, us}) {
        assertThat(region.holds(build)).isTrue();
        assertThat(region.bucket.resolve(build.manifest()))
            .hasSameBinaryContentAs(home.folder.resolve(build.manifest()));
        var provenance = ArtifactNames.provenance(Home.APP, 7, 1);
        assertThat(region.bucket.resolve(provenance))
            .hasSameBinaryContentAs(home.folder.resolve(provenance));
        assertThat(region.count("slipway.replication.fetches", "path", "swarm")).isOne();
        var claim = centre.claim(region.toString(), 7);
        assertThat(claim.sha256()).isEqualTo(build.sha256());
        assertThat(claim.size()).isEqualTo(8_000_000);
        assertThat(claim.movedBytes()).isBetween(8_000_000L, 12_000_000L);
      }
    }
  }

  @Test
  void of_a_build_that_changed_little_little_moves_once_the_one_before_is_a_target()
      throws Exception {
    var first = Home.bytes(8_000_000, 1);
    var second = new byte[8_050_000];
    System.arraycopy(Home.bytes(50_000, 2), 0, second, 0, 50_000);
    System.arraycopy(first, 0, second, 50_000, first.length);
    var before = home.publish(7, first);
    var build = home.publish(8, second);
    try (var eu = region("eu")) {
      centre.want("eu", before);
      eventually("the first is claimed", () -> centre.isClaimed("eu", 7));
      centre.target(new Target(Home.APP, 1, before.release(), 100, null, null));
      eventually(
          "the first is a target",
          () -> !eu.bean(TargetCache.class).snapshot().newestFirst().isEmpty());
      centre.want("eu", build);
      eventually("the second is claimed", () -> centre.isClaimed("eu", 8));
      assertThat(eu.holds(build)).isTrue();
      assertThat(centre.claim("eu", 8).movedBytes()).isBetween(50_000L, 70_000L);
      assertThat(eu.count("slipway.replication.reused")).isGreaterThan(7_990_000);
      var name = ArtifactNames.blocks(Home.APP, build.sha256());
      assertThat(eu.bucket.resolve(name)).hasSameBinaryContentAs(home.folder.resolve(name));
      var served =
          eu.get(
              eu.address().resolve("/artifacts/hello/" + build.sha256() + "/blocks"),
              Region.tokenOf("m1"));
      assertThat(served.statusCode()).isEqualTo(200);
      assertThat(served.body()).isEqualTo(Files.readAllBytes(home.folder.resolve(name)));
    }
  }

  @Test
  void regions_read_the_home_bucket_about_once_each_at_most() throws Exception {
    var build = home.publish(7, Home.bytes(8_000_000, 1));
    try (var eu = region("eu");
        var us = region("us");
        var ap = region("ap")) {
      for (var region : new Region[] {eu, us, ap}) {
        centre.want(region.toString(), build);
      }
      var read = 0.0;
      for (var region : new Region[] {eu, us, ap}) {
        eventually(region + " claims", () -> centre.isClaimed(region.toString(), 7));
        // machines and other agents of the region ask for it, and it is not read at home again
        centre.target(new Target(Home.APP, 1, build.release(), 100, null, null));
        read += region.count("slipway.origin.bytes");
      }
      assertThat(read).isBetween(8_000_000.0, 1.25 * 3 * 8_000_000);
    }
  }

  @Test
  void a_build_whose_block_signatures_are_something_else_is_copied_all_the_same() throws Exception {
    var build = home.publish(7, Home.bytes(2_000_000, 1));
    Home.flip(home.folder.resolve(ArtifactNames.blocks(Home.APP, build.sha256())));
    centre.want("eu", build);
    try (var eu = region("eu")) {
      eventually("it is claimed", () -> centre.isClaimed("eu", 7));
      assertThat(eu.holds(build)).isTrue();
      assertThat(eu.count("slipway.replication.blocks", "outcome", "failed")).isOne();
      assertThat(eu.bucket.resolve("blocks")).doesNotExist();
    }
  }

  @Test
  void a_build_of_before_there_were_provenances_is_copied_without() throws Exception {
    var build = home.publish(7, Home.bytes(300_000, 1));
    home.bucket.delete(ArtifactNames.provenance(Home.APP, 7, 1));
    centre.want("eu", build);
    try (var eu = region("eu")) {
      eventually("it is claimed", () -> centre.isClaimed("eu", 7));
      assertThat(eu.count("slipway.replication.provenances", "outcome", "missing")).isOne();
    }
  }

  @Test
  void a_provenance_that_a_stranger_signed_or_that_is_of_something_else_does_not_come_in()
      throws Exception {
    var build = home.publish(7, Home.bytes(300_000, 1));
    var stranger = SigningKey.generate();
    home.swear(
        SigningKey.of(TrustedKeys.idOf(stranger.publicKey()), stranger.privateKey()),
        7,
        build.sha256());
    var other = home.publish(8, Home.bytes(300_000, 2));
    home.swear(home.key(), 8, build.sha256());
    centre.want("eu", build);
    centre.want("eu", other);
    try (var eu = region("eu")) {
      eventually(
          "both fail", () -> eu.count("slipway.replication.copies", "outcome", "failed") >= 2);
      assertThat(centre.isClaimed("eu", 7)).isFalse();
      assertThat(centre.isClaimed("eu", 8)).isFalse();
      assertThat(eu.bucket.resolve("provenance")).doesNotExist();

      home.swear(home.key(), 7, build.sha256());
      home.swear(home.key(), 8, other.sha256());
      eventually("both are claimed", () -> centre.isClaimed("eu", 7) && centre.isClaimed("eu", 8));
    }
  }

  @Test
  void what_failed_attempts_moved_is_claimed_as_well() throws Exception {
    var build = home.publish(7, Home.bytes(300_000, 4));
    centre.refusesClaims = true;
    centre.want("eu", build);
    try (var eu = region("eu")) {
      eventually(
          "the claim fails",
          () -> eu.count("slipway.replication.copies", "outcome", "failed") >= 1);
      centre.refusesClaims = false;
      eventually("it is claimed", () -> centre.isClaimed("eu", 7));
      assertThat(centre.claim("eu", 7).movedBytes())
          .isGreaterThanOrEqualTo(300_000)
          .isEqualTo((long) eu.count("slipway.replication.bytes"));
    }
  }

  @Test
  void a_small_build_is_claimed_soon_after_it_is_wanted() throws Exception {
    try (var eu = region("eu")) {
      var first = home.publish(1, Home.bytes(20_000, 1));
      centre.want("eu", first);
      eventually("the first is claimed", () -> centre.isClaimed("eu", 1));
      var second = home.publish(2, Home.bytes(20_000, 2));
      centre.want("eu", second);
      eventually("the second is claimed", () -> centre.isClaimed("eu", 2));
      assertThat(eu.holds(second)).isTrue();
    }
  }

  @Test
  void what_is_corrupt_at_home_is_never_claimed_and_comes_when_it_is_repaired() throws Exception {
    var bytes = Home.bytes(300_000, 3);
    var build = home.publish(7, bytes);
    home.corrupt(build);
    try (var eu = region("eu", "slipway.region.stall=1s")) {
      centre.want("eu", build);
      eventually(
          "it is found corrupt",
          () -> eu.count("slipway.replication.copies", "outcome", "corrupt") >= 1);
      assertThat(centre.isClaimed("eu", 7)).isFalse();
      assertThat(eu.artifact(build)).doesNotExist();
      Home.flip(home.folder.resolve(ArtifactNames.artifact(Home.APP, build.sha256())));
      eventually("it is claimed", () -> centre.isClaimed("eu", 7));
      assertThat(eu.holds(build)).isTrue();
    }
  }

  @Test
  void an_agent_that_died_between_copy_and_claim_claims_after_its_restart() throws Exception {
    var build = home.publish(7, Home.bytes(300_000, 4));
    centre.refusesClaims = true;
    centre.want("eu", build);
    try (var eu = region("eu")) {
      eventually(
          "the claim fails",
          () -> eu.count("slipway.replication.copies", "outcome", "failed") >= 1);
      assertThat(eu.holds(build)).isTrue();
    }
    centre.refusesClaims = false;
    try (var eu = region("eu")) {
      eventually("it is claimed", () -> centre.isClaimed("eu", 7));
      assertThat(centre.claim("eu", 7).movedBytes()).isZero();
      assertThat(eu.count("slipway.origin.bytes")).isZero();
    }
  }

  @Test
  void a_copy_that_is_wanted_again_is_read_whole_and_replaced_when_it_is_corrupt()
      throws Exception {
    var build = home.publish(7, Home.bytes(300_000, 5));
    try (var eu = region("eu")) {
      centre.want("eu", build);
      eventually("it is claimed", () -> centre.isClaimed("eu", 7));
      Home.flip(eu.artifact(build));
      centre.claims.clear();
      centre.want("eu", build);
      eventually("it is claimed again", () -> centre.isClaimed("eu", 7));
      assertThat(eu.holds(build)).isTrue();
      // from its own cache
      assertThat(centre.claim("eu", 7).movedBytes()).isZero();
    }
  }

  @Test
  void a_corrupt_copy_is_replaced_from_home_where_the_cache_is_corrupt_too() throws Exception {
    var build = home.publish(7, Home.bytes(300_000, 9));
    try (var eu = region("eu")) {
      centre.want("eu", build);
      eventually("it is claimed", () -> centre.isClaimed("eu", 7));
      Home.flip(eu.artifact(build));
      Home.flip(eu.dir.resolve("cache").resolve(build.sha256().value()));
      centre.claims.clear();
      centre.want("eu", build);
      eventually("it is claimed again", () -> centre.isClaimed("eu", 7));
      assertThat(eu.holds(build)).isTrue();
      assertThat(eu.count("slipway.replication.copies", "outcome", "corrupt")).isOne();
      assertThat(eu.dir.resolve("cache").resolve(build.sha256().value()))
          .hasBinaryContent(build.bytes());
    }
  }

  @Test
  void a_build_that_is_wanted_whatever_is_claimed_is_not_claimed_in_a_circle() throws Exception {
    var build = home.publish(7, Home.bytes(20_000, 10));
    centre.forgetsClaims = true;
    centre.want("eu", build);
    try (var eu = region("eu")) {
      var begun = System.nanoTime();
      eventually("it is claimed thrice", () -> copied(eu) >= 3);
      // half of 1 s and half of 2 s at least
      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .isGreaterThan(Duration.ofMillis(1_500));
    }
  }

  private static double copied(Region region) {
    return region.count("slipway.replication.copies", "outcome", "copied");
  }

  @Test
  void a_wrong_object_in_the_regions_bucket_is_replaced() throws Exception {
    var build = home.publish(7, Home.bytes(300_000, 6));
    new FolderBlobStore(folder.resolve("eu-bucket"))
        .create(ArtifactNames.artifact(Home.APP, build.sha256()), out -> out.write(new byte[10]));
    centre.want("eu", build);
    try (var eu = region("eu")) {
      eventually("it is claimed", () -> centre.isClaimed("eu", 7));
      assertThat(eu.holds(build)).isTrue();
    }
  }

  @Test
  void a_manifest_that_nobody_trusted_signed_is_not_copied() throws Exception {
    var build = home.publish(7, Home.bytes(1_000, 7));
    var stranger = new Home(Files.createDirectories(folder.resolve("stranger")));
    try (var eu =
        new Region(
            "eu",
            folder,
            home,
            centre.address(),
            "slipway.region.trusted-key-files=" + stranger.keyFile)) {
      centre.want("eu", build);
      eventually(
          "it is refused", () -> eu.count("slipway.replication.copies", "outcome", "failed") >= 1);
      assertThat(centre.isClaimed("eu", 7)).isFalse();
      assertThat(eu.artifact(build)).doesNotExist();
    }
  }

  @Test
  void an_artifact_larger_than_the_cache_comes_from_home_directly() throws Exception {
    var build = home.publish(7, Home.bytes(3_000_000, 8));
    try (var eu = region("eu", "slipway.region.cache-size=2MB")) {
      centre.want("eu", build);
      eventually("it is claimed", () -> centre.isClaimed("eu", 7));
      assertThat(eu.holds(build)).isTrue();
      assertThat(eu.count("slipway.replication.fetches", "path", "direct")).isOne();
      assertThat(centre.claim("eu", 7).movedBytes()).isEqualTo(3_000_000);
    }
  }
}
