package dev.slipway.region;

import static dev.slipway.region.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.artifact.ArtifactNames;
import dev.slipway.common.machine.AppReport;
import dev.slipway.common.machine.AppState;
import dev.slipway.common.machine.Poll;
import dev.slipway.common.target.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies that have changed after they were verified. */
@NullMarked
class HealingTest {
  private final Home home;
  private final FakeCentre centre;
  private final Region region;
  private final Home.Build build;
  private final Path cached;

  HealingTest(@TempDir Path folder) throws Exception {
    home = new Home(folder);
    centre = new FakeCentre();
    region = new Region("eu", folder, home, centre.address());
    build = home.publish(7, Home.bytes(500_000, 1));
    cached = region.dir.resolve("cache").resolve(build.sha256().value());
  }

  @BeforeEach
  void deploy() throws Exception {
    centre.want("eu", build);
    eventually("the build is here", () -> centre.isClaimed("eu", 7));
    centre.target(new Target(Home.APP, 1, build.release(), 100, null, null));
    eventually(
        "the target is here",
        () ->
            !region
                .poll("m1", new Poll("z1", List.of(), List.of(), 1, 0, 0))
                .assignments()
                .isEmpty());
  }

  @AfterEach
  void stop() {
    region.close();
    centre.close();
  }

  private void complain() throws Exception {
    var trouble =
        new AppReport(
            Home.APP, 7, null, AppState.DOWNLOADING, 1, 0, 500_000, "the sha256 is another", null);
    region.poll("m1", new Poll("z1", List.of(), List.of(trouble), 2, 1, 0));
  }

  private double repairs(String copy) {
    return region.count("slipway.region.repairs", "copy", copy);
  }

  @Test
  void what_changed_in_the_cache_comes_from_the_regions_bucket() throws Exception {
    var before = region.count("slipway.origin.bytes");
    Home.flip(cached);

    complain();

    eventually("it is shared again", () -> repairs("cache") == 1 && isCached());
    assertThat(repairs("bucket")).isZero();
    assertThat(region.count("slipway.origin.bytes")).isEqualTo(before);
  }

  @Test
  void what_changed_in_cache_and_bucket_comes_from_home() throws Exception {
    Home.flip(cached);
    Home.flip(region.artifact(build));

    complain();

    eventually("both are right", () -> isCached() && region.holds(build));
    assertThat(repairs("cache")).isOne();
    assertThat(repairs("bucket")).isOne();
  }

  @Test
  void what_changed_in_the_bucket_alone_comes_from_the_cache() throws Exception {
    var before = region.count("slipway.origin.bytes");
    Home.flip(region.artifact(build));

    complain();

    eventually("it is right", () -> region.holds(build));
    assertThat(repairs("cache")).isZero();
    assertThat(region.count("slipway.origin.bytes")).isEqualTo(before);
  }

  @Test
  void what_is_wrong_at_home_as_well_is_not_put_into_the_bucket() throws Exception {
    Home.flip(cached);
    Home.flip(region.artifact(build));
    home.corrupt(build);

    complain();

    eventually("the cache lets go of it", () -> repairs("cache") == 1 && !Files.exists(cached));
    eventually("the bucket does", () -> !Files.exists(region.artifact(build)));
    assertThat(home.folder.resolve(ArtifactNames.artifact(Home.APP, build.sha256()))).exists();
  }

  private boolean isCached() throws Exception {
    return Files.exists(cached)
        && java.util.Arrays.equals(Files.readAllBytes(cached), build.bytes());
  }
}
