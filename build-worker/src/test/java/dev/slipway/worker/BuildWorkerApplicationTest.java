package dev.slipway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.artifact.SigningKey;
import dev.slipway.common.database.TestDatabase;
import dev.slipway.common.job.JobRows;
import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.NoticeStore;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

@NullMarked
class BuildWorkerApplicationTest {
  private final TestDatabase database = TestDatabase.create();
  @TempDir Path dir;

  @Test
  void a_worker_starts_hears_of_a_job_and_builds_it() throws Exception {
    var repository =
        new Repository(dir.resolve("repo"))
            .with("slipway.yml", "build: {command: 'echo x > out', artifact: out}");
    var rows = new JobRows(database.jdbc());
    rows.app("hello");
    database.jdbc().sql("update app set repository = :u").param("u", repository.url()).update();
    try (var reaper = new FakeReaper();
        var context = start(reaper, "1B")) {
      rows.queued("hello");
      var commit = repository.commit();
      database.jdbc().sql("update job set commit_sha = :c").param("c", commit.value()).update();
      new NoticeStore(database.jdbc()).send(Channel.JOB_QUEUED);
      Await.until(() -> status().equals("SUCCEEDED"));

      assertThat(get(context, "/actuator/health/readiness")).startsWith("200 ").contains("UP");
      assertThat(get(context, "/actuator/prometheus"))
          .startsWith("200 ")
          .contains("slipway_worker_builds_total")
          .contains("slipway_worker_build_seconds_count");
      assertThat(get(context, "/api/v1/jobs")).startsWith("401 ");
    }
  }

  @Test
  void a_worker_without_room_is_not_ready_and_says_why() throws Exception {
    try (var reaper = new FakeReaper();
        var context = start(reaper, "1000000TB")) {
      assertThat(get(context, "/actuator/health/readiness"))
          .startsWith("503 ")
          .contains("too little room");
      assertThat(get(context, "/actuator/health/liveness")).startsWith("200 ");
    }
  }

  private String status() {
    return database.jdbc().sql("select status from job").query(String.class).single();
  }

  private ConfigurableApplicationContext start(FakeReaper reaper, String leastFree)
      throws Exception {
    var keys = SigningKey.generate();
    var settings = new ArrayList<>(List.of("--server.port=0"));
    settings.add("--spring.datasource.url=" + database.url());
    settings.add("--spring.datasource.username=postgres");
    settings.add("--slipway.worker.name=w1");
    settings.add("--slipway.worker.dir=" + dir.resolve("work"));
    settings.add("--slipway.worker.home-bucket=" + dir.resolve("bucket").toUri());
    settings.add(
        "--slipway.worker.signing-key-file="
            + Files.writeString(dir.resolve("key"), keys.privateKey()));
    settings.add(
        "--slipway.worker.public-key-file="
            + Files.writeString(dir.resolve("key.pub"), keys.publicKey()));
    settings.add("--slipway.worker.reaper-url=" + reaper.url());
    settings.add("--slipway.worker.token=token");
    settings.add("--slipway.worker.allow-file-repositories=true");
    settings.add("--slipway.worker.min-free-disk=" + leastFree);
    return BuildWorkerApplication.builder().run(settings.toArray(String[]::new));
  }

  private static String get(ConfigurableApplicationContext context, String path) throws Exception {
    var port = context.getEnvironment().getRequiredProperty("local.server.port");
    try (var client = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
              .timeout(Duration.ofSeconds(20))
              .build();
      var answer = client.send(request, BodyHandlers.ofString());
      return answer.statusCode() + " " + answer.body();
    }
  }
}
