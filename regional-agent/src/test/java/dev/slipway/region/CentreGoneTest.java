package dev.slipway.region;

import static dev.slipway.region.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.artifact.Envelope;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.machine.Poll;
import dev.slipway.common.machine.PollAnswer;
import dev.slipway.common.target.Ahead;
import dev.slipway.common.target.Release;
import dev.slipway.common.target.Target;
import dev.slipway.region.cache.ArtifactCache;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
class CentreGoneTest {
  private static PollAnswer poll(Region region, long sequence) throws Exception {
    return region.poll("m1", new Poll("z1", List.of(), List.of(), sequence, 0, 0));
  }

  @Test
  void a_restarted_agent_answers_its_machines_with_the_centre_gone(@TempDir Path folder)
      throws Exception {
    var home = new Home(folder);
    var build = home.publish(7, Home.bytes(400_000, 1));
    var old = new Release(3, new Sha256("b".repeat(64)), 10, "manifests/hello/3-1.json");
    var statement =
        new Envelope("type", "cGF5bG9hZA==", List.of(new Envelope.Signature("key", "c2ln")));
    var centre = new FakeCentre();
    var address = centre.address();
    PollAnswer before;
    try (centre;
        var region = new Region("eu", folder, home, address)) {
      centre.want("eu", build);
      eventually("the build is here", () -> centre.isClaimed("eu", 7));
      centre.target(
          new Target(Home.APP, 11, old, 100, null, new Ahead(12, build.release()))
              .signed(statement));
      eventually("the target is here", () -> poll(region, 1).revision() == 12);
      before = poll(region, 2);
      assertThat(before.assignments()).hasSize(1);
      assertThat(before.ahead()).hasSize(1);
    }
    try (var region = new Region("eu", folder, home, address)) {
      var after = poll(region, 1);
      assertThat(after.revision()).isEqualTo(12);
      assertThat(after.assignments().getFirst().release())
          .isEqualTo(before.assignments().getFirst().release());
      assertThat(after.assignments().getFirst().signed()).isEqualTo(statement);
      assertThat(after.ahead())
          .singleElement()
          .satisfies(ahead ->
              assertThat(Objects.requireNonNull(ahead.release()).release())
                  .isEqualTo(build.release()));
      var uri = region.address().resolve("/artifacts/hello/" + build.sha256());
      assertThat(region.get(uri, Region.tokenOf("m1")).body()).isEqualTo(build.bytes());
      assertThat(
              region.get(region.address().resolve("/actuator/health/readiness"), "x").statusCode())
          .isEqualTo(200);
      eventually(
          "what was cached is shared again",
          () -> region.bean(ArtifactCache.class).shares(build.sha256()));
      // and it finds the centre again where it was
      try (var back = new FakeCentre(address.getPort())) {
        back.target(new Target(Home.APP, 13, build.release(), 100, null, null));
        eventually("the new target is here", () -> poll(region, 3).revision() == 13);
        eventually(
            "the machine is reported",
            () -> back.reports.stream().anyMatch(r -> r.id().value().equals("m1")));
      }
    }
  }
}
