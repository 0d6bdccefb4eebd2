package dev.slipway.region;

import static dev.slipway.region.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** One agent that deals the pieces of an artifact to machines. */
@NullMarked
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DealingTest {
  private final FakeCentre centre;
  private final Region region;
  private final Home.Build build;

  DealingTest(@TempDir Path folder) throws Exception {
    var home = new Home(folder);
    centre = new FakeCentre();
    region = new Region("eu", folder, home, centre.address());
    build = home.publish(7, Home.bytes(500_000, 1));
  }

  @BeforeAll
  void replicate() throws Exception {
    centre.want("eu", build);
    eventually("the build is here", () -> centre.isClaimed("eu", 7));
  }

  @AfterAll
  void stop() {
    region.close();
    centre.close();
  }

  @Test
  void pieces_are_dealt_once_and_again_only_on_request() throws Exception {
    var path = "/artifacts/hello/" + build.sha256() + "/next?pieceLength=262144&again=";
    var first = region.get(region.address().resolve(path + "false&lacks=Aw"), Region.tokenOf("m1"));
    assertThat(first.statusCode()).isEqualTo(206);
    assertThat(first.headers().firstValue("Content-Range")).hasValue("bytes 0-262143/500000");
    assertThat(first.body()).isEqualTo(Arrays.copyOf(build.bytes(), 262_144));
    var last = region.get(region.address().resolve(path + "false&lacks=Aw"), Region.tokenOf("m2"));
    assertThat(last.headers().firstValue("Content-Range")).hasValue("bytes 262144-499999/500000");
    assertThat(last.body()).isEqualTo(Arrays.copyOfRange(build.bytes(), 262_144, 500_000));
    var none = region.get(region.address().resolve(path + "false&lacks=Aw"), Region.tokenOf("m3"));
    assertThat(none.statusCode()).isEqualTo(204);
    var again = region.get(region.address().resolve(path + "true&lacks=Ag"), Region.tokenOf("m3"));
    assertThat(again.headers().firstValue("Content-Range")).hasValue("bytes 262144-499999/500000");
  }

  @Test
  void wishes_that_make_no_sense_are_refused() throws Exception {
    var path = "/artifacts/hello/" + build.sha256() + "/next?again=false&";
    assertThat(status(path + "pieceLength=262144&lacks=BA")).as("no such piece").isEqualTo(400);
    assertThat(status(path + "pieceLength=262144&lacks=" + "A".repeat(800))).isEqualTo(400);
    assertThat(status(path + "pieceLength=262144&lacks=!")).isEqualTo(400);
    assertThat(status(path + "pieceLength=1&lacks=AQ")).isEqualTo(400);
    assertThat(status(path + "pieceLength=x&lacks=AQ")).isEqualTo(400);
    assertThat(status(path + "lacks=AQ")).isEqualTo(400);
    var other = "/artifacts/hello/" + "0".repeat(64) + "/next?again=false&pieceLength=262144";
    assertThat(status(other + "&lacks=AQ")).isEqualTo(404);
    var anybody = region.address().resolve(path + "pieceLength=262144&lacks=AQ");
    assertThat(region.get(anybody, "x").statusCode()).isEqualTo(401);
  }

  private int status(String path) throws Exception {
    return region.get(region.address().resolve(path), Region.tokenOf("m1")).statusCode();
  }
}
