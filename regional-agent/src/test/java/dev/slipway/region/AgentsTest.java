package dev.slipway.region;

import static dev.slipway.region.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.machine.Poll;
import dev.slipway.common.machine.PollAnswer;
import dev.slipway.common.target.Release;
import dev.slipway.common.target.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two agents of one region, which have one bucket. */
@NullMarked
class AgentsTest {
  private final Path folder;
  private final Home home;
  private final FakeCentre centre;
  private final Region a;
  private final Region b;

  AgentsTest(@TempDir Path folder) throws Exception {
    this.folder = folder;
    home = new Home(folder);
    centre = new FakeCentre();
    a = agent("a");
    b = agent("b");
  }

  @BeforeEach
  void both_are_there() throws Exception {
    centre.leader = "nobody";
    eventually("a asks", () -> centre.asked("a"));
    eventually("b asks", () -> centre.asked("b"));
  }

  private Region agent(String name) {
    return new Region("eu", name, folder, home, centre.address());
  }

  @AfterEach
  void stop() {
    a.close();
    b.close();
    centre.close();
  }

  @Test
  void one_brings_it_and_the_other_takes_it_from_the_regions_bucket() throws Exception {
    centre.leader = "a";
    var build = home.publish(7, Home.bytes(3_000_000, 1));
    centre.refusesClaims = true;
    centre.want("eu", build);
    eventually("a has brought it", () -> a.holds(build));
    centre.refusesClaims = false;
    eventually("b has taken it", () -> isCached(b, build));
    assertThat(centre.isClaimed("eu", 7)).isTrue();
    assertThat(b.count("slipway.origin.bytes")).isZero();
    assertThat(b.count("slipway.replication.bytes")).isZero();
    assertThat(b.count("slipway.replication.fetches", "path", "swarm")).isZero();
  }

  @Test
  void the_other_goes_on_when_it_is_its_turn() throws Exception {
    centre.leader = "a";
    var build = home.publish(7, Home.bytes(300_000, 2));
    a.close();
    centre.want("eu", build);
    centre.leader = "b";
    eventually("b claims", () -> centre.isClaimed("eu", 7));
    assertThat(b.holds(build)).isTrue();
  }

  @Test
  void both_at_once_make_one_object_with_the_right_bytes() throws Exception {
    var builds = new ArrayList<Home.Build>();
    for (var job = 1; job <= 8; job++) {
      builds.add(home.publish(job, Home.bytes(1_000_000, job)));
    }
    centre.forgetsClaims = true;
    centre.leader = "";
    builds.forEach(build -> centre.want("eu", build));
    for (var build : builds) {
      eventually("both have claimed it", () -> centre.timesClaimed(build.job()) >= 2);
    }
    for (var build : builds) {
      assertThat(a.holds(build)).isTrue();
      assertThat(a.bucket.resolve(build.manifest()))
          .hasSameBinaryContentAs(home.folder.resolve(build.manifest()));
    }
    for (var agent : List.of(a, b)) {
      assertThat(agent.count("slipway.replication.copies", "outcome", "failed")).isZero();
      assertThat(agent.count("slipway.replication.copies", "outcome", "corrupt")).isZero();
    }
  }

  /** Each follows a centre's instance of its own, and one of these is behind. */
  @Test
  void they_agree_by_revision_and_none_takes_a_machine_back() throws Exception {
    var old = new Release(7, new Sha256("7".repeat(64)), 10, "manifests/hello/7-1.json");
    var fresh = new Release(8, new Sha256("8".repeat(64)), 10, "manifests/hello/8-1.json");
    centre.target(new Target(Home.APP, 12, fresh, 100, null, null));
    eventually("a is at 12", () -> ask(a, 0).revision() == 12);
    try (var lagging = new FakeCentre();
        var c = new Region("eu", "c", folder, home, lagging.address())) {
      lagging.target(new Target(Home.APP, 11, old, 100, null, null));
      eventually("c is at 11", () -> ask(c, 0).revision() == 11);
      var told = ask(c, 12);
      assertThat(told.revision()).isEqualTo(12);
      assertThat(told.assignments()).isEmpty();
      // who asks it for everything is told the revision too, and sees that it is an old one
      assertThat(ask(c, 0).assignments())
          .singleElement()
          .satisfies(assignment -> assertThat(assignment.revision()).isEqualTo(11));
      lagging.target(new Target(Home.APP, 12, fresh, 100, null, null));
      eventually("c is at 12", () -> ask(c, 0).revision() == 12);
      assertThat(ask(c, 0).assignments().getFirst().release())
          .isEqualTo(ask(a, 0).assignments().getFirst().release());
    }
  }

  private static PollAnswer ask(Region agent, long after) throws Exception {
    return agent.poll("m1", new Poll("z1", List.of(), List.of(), 1, after, 0));
  }

  private static boolean isCached(Region agent, Home.Build build) throws Exception {
    var file = agent.cached(build);
    return Files.exists(file.resolveSibling(file.getFileName() + ".torrent"))
        && Arrays.equals(Files.readAllBytes(file), build.bytes());
  }
}
