package dev.slipway.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A commit's way from its push to every machine, through every real part. */
@NullMarked
@ExtendWith(TestInstallation.Shared.class)
class WalkIT {
  private final TestInstallation installation;

  WalkIT(TestInstallation installation) {
    this.installation = installation;
  }

  @Test
  void the_first_commit_goes_by_the_button_and_the_second_by_itself() throws Exception {
    var app = installation.app("walk");
    var first = app.repository.push("Say hello");
    var build = app.replicated(first);
    assertThat(deploymentsOf(app)).isEmpty();
    app.journey().pressDeploy(build);
    app.journey().awaitMachines(build, first);

    app.repository.replace("slipway.yml", "auto: false", "auto: true");
    var second = app.repository.push("Deploy by itself");
    var next = app.replicated(second);
    app.journey().awaitMachines(next, second);

    assertThat(deploymentsOf(app)).containsOnlyKeys(build, next).containsEntry(next, "SUCCEEDED");
    assertAllStagesTookTime(app, next);
    assertBytesWentIntoEachRegionOnce(app, next);
    assertLogIsReadFromTheHomeBucket(app, build);
  }

  private void assertLogIsReadFromTheHomeBucket(TestApp app, long build) throws Exception {
    var printed = app.log(build);
    assertThat(printed).contains("slipway: published");
    var archive = installation.homeBucket().resolve("logs/" + app.name + "/" + build + "-1.log");
    Wait.until(
        "the log in the home bucket",
        Duration.ofMinutes(2),
        () -> Files.exists(archive) ? archive : null);
    assertThat(archive).hasContent(printed);
    // what can come from nowhere else
    Files.writeString(archive, "x".repeat((int) Files.size(archive)));
    Wait.until(
        "the log from the home bucket",
        Duration.ofMinutes(2),
        () -> app.log(build).startsWith("xxx") ? build : null);
  }

  @Test
  void a_restart_on_the_same_folder_goes_on_where_it_stopped() throws Exception {
    var app = installation.app("restart");
    var first = app.repository.push("Say hello");
    var build = app.replicated(first);
    app.journey().pressDeploy(build);
    app.journey().awaitMachines(build, first);
    var token = installation.standalone().adminToken();

    installation.restart();

    assertThat(installation.standalone().adminToken()).isEqualTo(token);
    app.journey().awaitMachines(build, first);
    assertThat(app.jobs()).as("nothing is built again").hasSize(1);
    app.repository.replace("slipway.yml", "auto: false", "auto: true");
    var second = app.repository.push("Deploy by itself");
    var next = app.replicated(second);
    app.journey().awaitMachines(next, second);
  }

  private static Map<Long, String> deploymentsOf(TestApp app) throws Exception {
    var found = new TreeMap<Long, String>();
    Journey.each(app.deploy().get("/api/v1/deployments?app=" + app.name).path("deployments"))
        .forEach(d -> found.put(d.path("build").asLong(), d.path("status").asString()));
    return found;
  }

  private static void assertAllStagesTookTime(TestApp app, long build) throws Exception {
    var stages = new ArrayList<String>();
    for (var stage : app.deploy().get("/api/v1/builds/" + build + "/timeline").path("stages")) {
      stages.add(stage.path("name").asString());
      assertThat(stage.path("seconds").isNumber()).as("%s", stage).isTrue();
      assertThat(stage.path("seconds").asDouble()).as("%s", stage).isBetween(0.0, 120.0);
    }
    assertThat(stages)
        .isEqualTo(List.of("queue", "build", "replicate", "verify", "wait", "deploy"));
  }

  private static void assertBytesWentIntoEachRegionOnce(TestApp app, long build) throws Exception {
    var size = app.queue().get("/api/v1/jobs/" + build).path("sizeBytes").asLong();
    var copies = app.replication().get("/api/v1/jobs/" + build + "/replicas");
    var regions = new ArrayList<String>();
    for (var copy : copies) {
      regions.add(copy.path("region").asString());
      assertThat(copy.path("status").asString()).isEqualTo("VERIFIED");
      assertThat(copy.path("movedBytes").asDouble())
          .as("%s", copy)
          .isBetween(1.0 * size, 1.1 * size);
    }
    assertThat(regions)
        .containsExactlyInAnyOrder(TestInstallation.EAST.value(), TestInstallation.WEST.value());
  }
}
