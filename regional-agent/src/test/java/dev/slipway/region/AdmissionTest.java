package dev.slipway.region;

import static dev.slipway.region.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.ArtifactNames;
import dev.slipway.common.blob.FolderBlobStore;
import dev.slipway.common.machine.Assignment;
import dev.slipway.common.machine.PassRequest;
import dev.slipway.common.machine.Poll;
import dev.slipway.common.swarm.LibtorrentSwarm;
import dev.slipway.common.swarm.PeerKey;
import dev.slipway.common.swarm.PeerProcess;
import dev.slipway.common.swarm.Swarm.Meeting;
import dev.slipway.common.swarm.Torrent;
import dev.slipway.common.target.Ahead;
import dev.slipway.common.target.Target;
import dev.slipway.region.cache.ArtifactCache;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A region whose peers speak TLS: who was told to run an artifact gets in, nobody else. */
@NullMarked
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdmissionTest {
  private static final Poll POLL = new Poll("z1", List.of(Home.APP), List.of(), 1, 0, 0);

  private final Path folder;
  private final Home home;
  private final FakeCentre centre;
  private final Region region;
  private final Home.Build build;

  AdmissionTest(@TempDir Path folder) throws Exception {
    this.folder = folder;
    home = new Home(folder);
    centre = new FakeCentre();
    region =
        new Region(
            "eu",
            folder,
            home,
            centre.address(),
            "slipway.region.swarm-secret=a secret of all regions, which is long enough");
    build = home.publish(7, Home.bytes(2_000_000, 1));
  }

  @BeforeAll
  void assign() throws Exception {
    var own = new FolderBlobStore(region.bucket);
    own.create(ArtifactNames.artifact(Home.APP, build.sha256()), out -> out.write(build.bytes()));
    own.create(
        build.manifest(),
        out -> out.write(Files.readAllBytes(home.folder.resolve(build.manifest()))));
    centre.target(new Target(Home.APP, 1, build.release(), 100, null, null));
    eventually("the target is here", () -> region.poll("m1", POLL).revision() >= 1);
  }

  @AfterAll
  void stop() {
    region.close();
    centre.close();
  }

  private Assignment assignment(String machine) throws Exception {
    return region.poll(machine, POLL).assignments().getFirst();
  }

  private Torrent torrent(Assignment assignment) throws Exception {
    var manifest =
        home.trusted().verify(region.get(assignment.manifest(), Region.tokenOf("m1")).body());
    return Torrent.parse(Base64.getDecoder().decode(manifest.torrentInfo()));
  }

  @Test
  void a_machine_with_a_pass_gets_the_artifact_and_one_without_gets_nothing() throws Exception {
    assumeTrue(LibtorrentSwarm.isAvailable());
    var assignment = assignment("m1");
    var torrent = torrent(assignment);
    eventually("it is shared", () -> region.bean(ArtifactCache.class).shares(build.sha256()));
    var meeting = region.meeting("m1", assignment);
    var own = folder.resolve("m1");
    assertThat(PeerProcess.join(torrent, own, meeting, Duration.ofSeconds(20)))
        .isEqualTo("complete");
    assertThat(own.resolve(torrent.name())).hasBinaryContent(build.bytes());
    // it knows the torrent and where its peers are, but has no certificate
    var bare = new Meeting(meeting.trackers(), List.of());
    assertThat(PeerProcess.join(torrent, folder.resolve("m2"), bare, Duration.ofSeconds(2)))
        .isEqualTo("0");
  }

  @Test
  void a_pass_is_for_the_machine_itself_and_what_it_was_told_to_run() throws Exception {
    var address = assignment("m1").pass();
    var asked = asked(PeerKey.generate().publicKey());
    var refused = region.count("slipway.region.passes", "outcome", "refused");
    assertThat(region.pass(address, Region.tokenOf("m1"), asked).statusCode()).isEqualTo(200);
    assertThat(region.pass(address, Region.tokenOf("m2"), asked).statusCode()).isEqualTo(403);
    assertThat(region.pass(address, "m1:forged", asked).statusCode()).isEqualTo(401);
    var others = address.resolve("ab".repeat(32));
    var answer = region.pass(others, Region.tokenOf("m1"), asked);
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("not-assigned");
    assertThat(region.count("slipway.region.passes", "outcome", "refused")).isEqualTo(refused + 1);
  }

  @Test
  void a_machine_is_admitted_to_what_it_should_have_ahead() throws Exception {
    var next = home.publish(8, Home.bytes(1_000, 2));
    var ahead = new Ahead(3, next.release());
    centre.target(new Target(new AppName("other"), 2, build.release(), 100, null, ahead));
    eventually("it is known", () -> region.poll("m1", POLL).revision() >= 3);
    var address = region.address().resolve("/api/v1/machines/m1/passes/other/" + next.sha256());
    var asked = asked(PeerKey.generate().publicKey());
    assertThat(region.pass(address, Region.tokenOf("m1"), asked).statusCode()).isEqualTo(200);
  }

  @Test
  void a_request_without_a_proper_key_is_refused_by_name() throws Exception {
    var address = assignment("m1").pass();
    for (var bad :
        List.of(
            new PassRequest("z1", "!!"), new PassRequest("z1", ""), asked(new byte[] {1, 2, 3}))) {
      var answer = region.pass(address, Region.tokenOf("m1"), bad);
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains("publicKey");
    }
  }

  private static PassRequest asked(byte[] publicKey) {
    return new PassRequest("z1", Base64.getEncoder().encodeToString(publicKey));
  }
}
