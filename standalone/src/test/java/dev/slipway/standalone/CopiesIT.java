package dev.slipway.standalone;

import static dev.slipway.standalone.TestInstallation.EAST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** A region's object that is changed behind everybody's back: found, and replaced. */
@NullMarked
@ExtendWith(TestInstallation.Shared.class)
class CopiesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final TestInstallation installation;

  CopiesIT(TestInstallation installation) {
    this.installation = installation;
  }

  private interface Damage {
    void doTo(Path object, byte[] bytes) throws IOException;
  }

  @Test
  void what_was_deleted_cut_or_replaced_is_found_when_somebody_asks_and_replaced()
      throws Exception {
    var app = installation.app("kept");
    app.repository.write("kept.txt", "kept\n".repeat(20_000));
    var build =
        app.replicated(
            app.pushRecipe(
                """
                build:
                  command: "true"
                  artifact: kept.txt
                """));
    var sha256 = app.queue().get("/api/v1/jobs/" + build).path("sha256").asString();
    var object = object(sha256);
    var bytes = Files.readAllBytes(object);
    for (Damage damage :
        List.<Damage>of(
            (file, _) -> Files.delete(file),
            (file, all) -> Files.write(file, Arrays.copyOf(all, all.length / 2)),
            (file, all) -> Files.write(file, new byte[all.length]))) {
      damage.doTo(object, bytes);
      app.replication().post("/api/v1/jobs/" + build + "/replicas/east/verify", Map.of());
      Wait.until(
          "the copy to be right again",
          PATIENCE,
          () -> isVerified(replica(app, build)) && isRight(object, bytes) ? build : null);
    }
    assertThat(replica(app, build).path("agent").asString("")).isNotEmpty();
  }

  @Test
  void a_copy_that_is_right_is_told_to_have_been_read_whole() throws Exception {
    var app = installation.app("asked");
    var build =
        app.replicated(
            app.pushRecipe(
                """
                build:
                  command: "true"
                  artifact: slipway.yml
                """));
    app.replication().post("/api/v1/jobs/" + build + "/replicas/east/verify", Map.of());
    Wait.until(
        "the copy to be read",
        PATIENCE,
        () -> replica(app, build).path("readAt").isString() ? build : null);
    assertThat(isVerified(replica(app, build))).isTrue();
    assertThatThrownBy(
            () -> app.replication().post("/api/v1/jobs/0/replicas/east/verify", Map.of()))
        .isInstanceOfSatisfying(
            Problem.class, problem -> assertThat(problem.code()).isEqualTo("not-found"));
  }

  @Test
  void who_is_refused_here_is_in_the_audit_trail() throws Exception {
    var app = installation.app("unasked");
    var token =
        app.deploy()
            .post("/api/v1/tokens", Map.of("name", "vic", "role", "VIEWER"))
            .path("token")
            .asString();
    var viewer = new Api(installation.standalone().replication(), token);
    assertThatThrownBy(() -> viewer.post("/api/v1/jobs/1/replicas/east/verify", Map.of()))
        .isInstanceOfSatisfying(
            Problem.class, problem -> assertThat(problem.status()).isEqualTo(403));
    assertThat(app.deploy().text("/api/v1/audit"))
        .contains("POST /api/v1/jobs/1/replicas/east/verify", "FORBIDDEN");
  }

  private static JsonNode replica(TestApp app, long build)
      throws IOException, InterruptedException {
    return Journey.each(app.replication().get("/api/v1/jobs/" + build + "/replicas"))
        .filter(replica -> replica.path("region").asString().equals(EAST.value()))
        .findFirst()
        .orElseThrow();
  }

  private static boolean isVerified(JsonNode replica) {
    return replica.path("status").asString().equals("VERIFIED")
        && replica.path("problem").asString("").isEmpty();
  }

  private static boolean isRight(Path object, byte[] bytes) throws IOException {
    return Files.exists(object) && Arrays.equals(Files.readAllBytes(object), bytes);
  }

  private Path object(String sha256) throws IOException {
    try (var files =
        Files.walk(installation.standalone().data().resolve("buckets").resolve(EAST.value()))) {
      return files
          .filter(file -> file.getFileName().toString().equals(sha256))
          .findFirst()
          .orElseThrow();
    }
  }
}
