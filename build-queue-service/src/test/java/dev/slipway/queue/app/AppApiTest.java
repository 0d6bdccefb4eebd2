package dev.slipway.queue.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.access.Role;
import dev.slipway.queue.TestQueue;
import java.net.http.HttpRequest;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AppApiTest {
  private final TestQueue queue = TestQueue.shared();
  private final String name = "a" + UUID.randomUUID().toString().substring(0, 13);
  private final String path = "/api/v1/apps/" + name;
  private final String body = "{\"repository\": \"https://git.example.com/acme/" + name + "\"}";

  @Test
  void a_new_app_shows_the_secret_that_was_made_for_it_once() {
    var created = queue.put(Role.ADMIN, path, body);
    assertThat(created.status()).isEqualTo(201);
    assertThat(created.text("webhookSecret")).hasSize(43);
    assertThat(created.text("branch")).isEqualTo("master");
    assertThat(created.json().path("webhooks").path("github").asString(""))
        .isEqualTo("/webhooks/github");
    assertThat(created.text("createdAt")).startsWith("20").endsWith("Z");
    var secret = created.text("webhookSecret");
    var changed = queue.put(Role.ADMIN, path, body);
    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.raw().body() + queue.get(Role.VIEWER, path).raw().body())
        .contains(name)
        .doesNotContain("webhookSecret")
        .doesNotContain(secret);
    assertThat(queue.get(Role.ADMIN, "/api/v1/apps").raw().body())
        .contains(name)
        .doesNotContain(secret);
    assertThat(stored()).isEqualTo(secret);
  }

  private String stored() {
    return queue
        .jdbc()
        .sql("select webhook_secret from app where name = :name")
        .param("name", name)
        .query((row, n) -> row.getString(1))
        .single();
  }

  @Test
  void a_given_secret_is_kept_and_not_shown() {
    var given = body.replace("}", ", \"webhookSecret\": \"0123456789abcdef\"}");
    var created = queue.put(Role.ADMIN, path, given);
    assertThat(created.status()).isEqualTo(201);
    assertThat(created.raw().body()).doesNotContain("0123456789abcdef");
    assertThat(stored()).isEqualTo("0123456789abcdef");
  }

  @Test
  void a_repository_belongs_to_one_app_however_it_is_written() {
    queue.put(Role.ADMIN, path, body);
    var other =
        queue.put(
            Role.ADMIN,
            path + "x",
            "{\"repository\": \"git@GIT.example.com:acme/" + name + ".git\"}");
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.text("detail")).contains(name);
  }

  @Test
  void a_registration_is_audited() {
    queue.put(Role.ADMIN, path, body);
    queue.put(Role.ADMIN, path, body.replace("}", ", \"branch\": \"release/1\"}"));
    assertThat(
            queue
                .jdbc()
                .sql(
                    "select actor || ' ' || action || ' ' || outcome from audit where subject = :s order by id")
                .param("s", "app " + name)
                .query((row, n) -> row.getString(1))
                .list())
        .containsExactly("ADMIN app-put CREATED", "ADMIN app-put CHANGED");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          branch        | "-x"
          branch        | "a..b"
          branch        | "a b"
          branch        | "a.lock"
          branch        | ""
          webhookSecret | "short"
          recipe        | "nonsense: true"
          builds        | "some"
          builds        | ""
          maxAttempts   | 0
          maxAttempts   | 11
          keepBuilds    | 0
          keepBuilds    | 1001
          repositry     | "https://git.example.com/a"
          """)
  void what_is_wrong_with_a_registration_is_named(String field, String value) {
    var wrong = body.replace("}", ", \"%s\": %s}".formatted(field, value));
    var answer = queue.put(Role.ADMIN, path, wrong);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("detail")).contains(field.equals("repositry") ? "body" : field);
  }

  @Test
  void how_builds_are_treated_is_an_option_with_defaults() {
    var usual = queue.put(Role.ADMIN, path, body).json();
    assertThat(usual.path("builds").asString("")).isEqualTo("every");
    assertThat(usual.path("maxAttempts").asInt()).isEqualTo(3);
    assertThat(usual.path("keepBuilds").asInt()).isEqualTo(20);
    assertThat(usual.path("retryFailures").asBoolean(true)).isFalse();
    queue.put(
        Role.ADMIN,
        path,
        body.replace(
            "}",
            ", \"builds\": \"latest\", \"maxAttempts\": 10, \"retryFailures\": true, \"keepBuilds\": 5}"));
    var changed = queue.get(Role.VIEWER, path).json();
    assertThat(changed.path("builds").asString("")).isEqualTo("latest");
    assertThat(changed.path("maxAttempts").asInt()).isEqualTo(10);
    assertThat(changed.path("keepBuilds").asInt()).isEqualTo(5);
    assertThat(changed.path("retryFailures").asBoolean(false)).isTrue();
    var first = queue.job(name, TestQueue.sha(1));
    queue.job(name, TestQueue.sha(2));
    var superseded = queue.get(Role.VIEWER, "/api/v1/jobs/" + first);
    assertThat(superseded.text("status")).isEqualTo("CANCELLED");
    assertThat(superseded.text("failure")).startsWith("superseded");
    assertThat(superseded.json().path("maxAttempts").asInt()).isEqualTo(10);
    // what is left out is back to what it usually is
    queue.put(Role.ADMIN, path, body);
    assertThat(queue.get(Role.VIEWER, path).text("builds")).isEqualTo("every");
  }

  @Test
  void names_and_missing_apps_are_told() {
    assertThat(queue.put(Role.ADMIN, "/api/v1/apps/Shop", body).status()).isEqualTo(400);
    assertThat(queue.put(Role.ADMIN, path, "{}").text("detail")).isEqualTo("repository is missing");
    assertThat(queue.get(Role.VIEWER, path).status()).isEqualTo(404);
  }

  @Test
  void roles_are_needed() {
    assertThat(queue.put(Role.DEPLOYER, path, body).status()).isEqualTo(403);
    assertThat(queue.get(Role.WORKER, "/api/v1/apps").status()).isEqualTo(403);
    assertThat(queue.send(queue.request("/api/v1/apps").GET()).status()).isEqualTo(401);
    assertThat(queue.send(queue.request("/elsewhere").GET()).status()).isEqualTo(401);
  }

  @Test
  void apps_come_in_pages() {
    queue.put(Role.ADMIN, path, body);
    queue.put(Role.ADMIN, path + "x", body.replace(name, name + "x"));
    var page = queue.get(Role.VIEWER, "/api/v1/apps?limit=1&after=" + name);
    assertThat(page.json().path("apps").path(0).path("name").asString("")).isEqualTo(name + "x");
    assertThat(page.text("next")).isEqualTo(name + "x");
    assertThat(queue.get(Role.VIEWER, "/api/v1/apps?limit=0").status()).isEqualTo(400);
  }

  @Test
  void the_api_describes_itself() {
    assertThat(queue.send(queue.request("/openapi").GET()).json().path("paths").propertyNames())
        .contains("/api/v1/apps/{app}", "/api/v1/jobs", "/webhooks/{forge}");
  }

  @Test
  void a_change_by_somebody_who_has_not_seen_the_last_is_refused() {
    assertThat(queue.send(put("\"none\"")).status()).as("there is nothing yet").isEqualTo(412);
    assertThat(queue.put(Role.ADMIN, path, body).status()).isEqualTo(201);
    var seen = tag();
    assertThat(queue.send(put(seen)).status()).as("nothing changed since").isEqualTo(200);
    queue.put(Role.ADMIN, path, body.replace("}", ", \"branch\": \"main\"}"));
    var late = queue.send(put(seen));
    assertThat(late.status()).isEqualTo(412);
    assertThat(late.text("code")).isEqualTo("changed-meanwhile");
    assertThat(queue.get(Role.VIEWER, path).text("branch")).isEqualTo("main");
    assertThat(queue.send(put("*")).status()).isEqualTo(200);
    assertThat(queue.send(put("\"x\", " + tag())).status()).as("one of several").isEqualTo(200);
  }

  private String tag() {
    return queue.get(Role.VIEWER, path).raw().headers().firstValue("ETag").orElseThrow();
  }

  private HttpRequest.Builder put(String ifMatch) {
    return queue
        .as(Role.ADMIN, path)
        .header("Content-Type", "application/json")
        .header("If-Match", ifMatch)
        .PUT(HttpRequest.BodyPublishers.ofString(body));
  }

  @Test
  void who_has_what_is_there_is_told_so_without_it() {
    queue.put(Role.ADMIN, path, body);
    for (var read :
        new String[] {path, "/api/v1/apps?after=" + name + "&limit=1", "/api/v1/workers"}) {
      var first = queue.get(Role.VIEWER, read);
      var tag = first.raw().headers().firstValue("ETag").orElseThrow();
      assertThat(first.raw().headers().firstValue("Cache-Control")).hasValue("private, no-cache");
      var again = queue.send(queue.as(Role.VIEWER, read).header("If-None-Match", tag).GET());
      assertThat(again.status()).as(read).isEqualTo(304);
      assertThat(again.raw().body()).isEmpty();
      var other = queue.send(queue.as(Role.VIEWER, read).header("If-None-Match", "\"x\"").GET());
      assertThat(other.status()).isEqualTo(200);
      assertThat(other.raw().body()).isEqualTo(first.raw().body());
    }
  }
}
