package dev.slipway.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.access.Secrets;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.json.JsonMapper;

/** What comes from outside and is not as it should be, seen from outside. */
@NullMarked
@ExtendWith(TestInstallation.Shared.class)
class BadInputIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final TestInstallation installation;

  BadInputIT(TestInstallation installation) {
    this.installation = installation;
  }

  @Test
  void a_delivery_with_a_wrong_signature_leaves_nothing_behind() throws Exception {
    var app = installation.app("forged");
    var payload = payload(app.repository.address().toString(), "a".repeat(40), "refs/heads/master");

    var forged = deliver(payload, "sha256=" + Secrets.hmac("another secret", payload));
    var unsigned = deliver(payload, "");

    assertThat(forged.statusCode()).isEqualTo(401);
    assertThat(forged.body()).contains("bad-signature");
    assertThat(unsigned.statusCode()).isEqualTo(401);
    assertThat(app.jobs()).isEmpty();
    var genuine = deliver(payload, "sha256=" + Secrets.hmac(app.webhookSecret, payload));
    assertThat(genuine.statusCode()).as("the same delivery, genuine").isEqualTo(202);
    var job = JsonMapper.shared().readTree(genuine.body());
    assertThat(job.required("duplicate").asBoolean()).isFalse();
    app.queue().post("/api/v1/jobs/" + job.required("job").asLong() + "/cancel", Map.of());
  }

  @Test
  void a_push_to_a_repository_that_no_app_builds_is_told_how_to_register_it() throws Exception {
    var payload = payload("https://git.example/nobody.git", "a".repeat(40), "refs/heads/master");

    var answer = deliver(payload, "sha256=" + Secrets.hmac("any", payload));

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body())
        .contains("unknown-app", "https://git.example/nobody.git", "PUT /api/v1/apps/");
  }

  @Test
  void a_push_to_another_branch_is_ignored_and_told_why() throws Exception {
    var app = installation.app("branches");
    var commit = app.repository.push("On a side branch", "side");
    var payload = payload(app.repository.address().toString(), commit, "refs/heads/side");

    var answer = deliver(payload, "sha256=" + Secrets.hmac(app.webhookSecret, payload));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("ignored", "refs/heads/side is not built, master is");
    assertThat(app.jobs()).isEmpty();
  }

  @Test
  void an_unknown_key_fails_the_build_with_its_file_line_and_name() throws Exception {
    var app = installation.app("misspelt");
    var commit =
        app.pushRecipe(
            """
            build:
              command: make
              artefact: out
            """);

    var job = app.ended(commit);

    assertThat(job.path("status").asString()).isEqualTo("FAILED");
    assertThat(job.path("failure").asString()).contains("slipway.yml:3:", "build.artefact");
    assertThat(app.jobs()).as("it is not tried again").hasSize(1);
  }

  @Test
  void a_build_that_never_ends_is_ended_with_every_process_it_started() throws Exception {
    var app = installation.app("endless");
    var pids = installation.folder("endless").resolve("pids");
    var commit =
        app.pushRecipe(
            """
            build:
              command: |
                sleep 1000 &
                setsid sh -c 'echo $$ >> %1$s; exec sleep 1001' &
                echo $$ $! >> %1$s
                wait
              artifact: out
              timeout: 2s
            """
                .formatted(pids));

    var job = app.ended(commit);

    assertThat(job.path("status").asString()).isEqualTo("FAILED");
    assertThat(job.path("failure").asString()).contains("time limit of 2s");
    var started = Files.readString(pids).strip().split("\\s+");
    assertThat(started).hasSize(3);
    for (var pid : started) {
      Wait.until("the end of process " + pid, SOON, () -> isGone(pid) ? pid : null);
    }
  }

  @Test
  void a_build_may_print_anything() throws Exception {
    var app = installation.app("refused");
    var commit =
        app.pushRecipe(
            """
            build:
              command: |
                printf '<script>alert(1)</script> %%s {} \\0 \\377\\376 \\033[31mred\\033]0;title\\007 \\342\\200\\256\\n'
                head -c 2000000 /dev/zero | tr '\\0' x
                printf '\\nslipway: the last line'
                echo nothing > out
              artifact: out
            """);

    var job = app.ended(commit);

    assertThat(job.path("failure").asString("")).isEmpty();
    assertThat(job.path("status").asString()).isEqualTo("SUCCEEDED");
    assertThat(app.log(job.path("id").asLong()))
        .contains("<script>alert(1)</script>", "red")
        .doesNotContain("\0")
        .contains("x".repeat(2_000_000))
        .contains("slipway: the last line");
  }

  private static boolean isGone(String pid) throws IOException {
    try {
      // dead, and perhaps not yet waited for by whoever has adopted it
      return Files.readString(Path.of("/proc", pid, "stat")).contains(") Z ");
    } catch (NoSuchFileException e) {
      return true;
    }
  }

  private static byte[] payload(String repository, String commit, String ref) {
    return JsonMapper.shared()
        .writeValueAsBytes(
            Map.of(
                "ref",
                ref,
                "before",
                "0".repeat(40),
                "after",
                commit,
                "deleted",
                false,
                "repository",
                Map.of("full_name", "any/any", "clone_url", repository)));
  }

  private HttpResponse<String> deliver(byte[] payload, String signature)
      throws IOException, InterruptedException {
    var address = installation.standalone().queue().resolve("/webhooks/github");
    var request =
        HttpRequest.newBuilder(address)
            .timeout(SOON)
            .header("Content-Type", "application/json")
            .header("X-GitHub-Event", "push")
            .header("X-GitHub-Delivery", "one-and-the-same")
            .POST(BodyPublishers.ofByteArray(payload));
    if (!signature.isEmpty()) {
      request.header("X-Hub-Signature-256", signature);
    }
    try (var http = HttpClient.newHttpClient()) {
      return http.send(request.build(), BodyHandlers.ofString());
    }
  }
}
