package dev.slipway.deploy.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.access.Role;
import dev.slipway.common.access.TokenStore;
import dev.slipway.common.database.TestDatabase;
import dev.slipway.common.job.JobRows;
import dev.slipway.deploy.DeployServiceApplication;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tokens over HTTP, as administrators manage them and others use them. */
@NullMarked
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class TokenApiTest {
  private static final String ADMIN = "admin-token-for-tests-0123456789-0123456789";
  private static final String PATH = "/api/v1/tokens";

  private final HttpClient http = HttpClient.newHttpClient();
  private ConfigurableApplicationContext service;
  private JdbcClient jdbc;
  private String base;

  @BeforeAll
  void start() {
    var database = TestDatabase.create();
    jdbc = database.jdbc();
    new TokenStore(jdbc).put("ada", Role.ADMIN, null, ADMIN);
    service =
        DeployServiceApplication.builder()
            .run(
                "--spring.datasource.url=" + database.url(),
                "--spring.datasource.username=postgres",
                "--slipway.deploy.pass-interval=1h",
                "--server.port=0");
    base = "http://localhost:" + service.getEnvironment().getProperty("local.server.port");
  }

  @AfterAll
  void stop() {
    service.close();
    http.close();
  }

  private HttpResponse<String> call(String token, String method, String path, String body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  private JsonNode done(int status, String method, String path, String body) throws Exception {
    var answer = call(ADMIN, method, path, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return JsonMapper.shared().readTree(answer.body());
  }

  private JsonNode made(String name, String more) throws Exception {
    return done(201, "POST", PATH, "{\"name\":\"%s\",\"role\":%s}".formatted(name, more));
  }

  private static String secret(JsonNode made) {
    return made.required("token").asString();
  }

  private static String at(JsonNode made) {
    return PATH + "/" + made.required("id").asLong();
  }

  private int statusOf(String token) throws Exception {
    return call(token, "GET", "/api/v1/deployments", "").statusCode();
  }

  private List<JsonNode> listed(int limit) throws Exception {
    var found = new ArrayList<JsonNode>();
    for (var after = "0"; after != null; ) {
      var page = done(200, "GET", PATH + "?limit=%d&after=%s".formatted(limit, after), "");
      page.required("tokens").forEach(found::add);
      after = page.path("next").isNumber() ? page.path("next").asString() : null;
    }
    return found;
  }

  private JsonNode listed(String name) throws Exception {
    return listed(200).stream()
        .filter(token -> token.required("name").asString().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private int daysLeft(String name) {
    return jdbc.sql(
            "select extract(day from expires_at - created_at)::int from api_token where name = ?")
        .param(name)
        .query(Integer.class)
        .single();
  }

  @Test
  void a_token_is_shown_once_and_listed_without_its_secret() throws Exception {
    var token = secret(made("ann", "\"VIEWER\""));
    assertThat(statusOf(token)).isEqualTo(200);
    var all = call(ADMIN, "GET", PATH, "").body();
    assertThat(all).contains("\"ann\"").doesNotContain(token, "hash");
    var listed = listed("ann");
    assertThat(listed.required("state").asString()).isEqualTo("VALID");
    assertThat(listed.required("createdBy").asString()).isEqualTo("ada");
    assertThat(listed.required("lastUsedAt").asString()).endsWith("Z");
    assertThat(call(token, "GET", PATH, "").statusCode()).isEqualTo(403);
  }

  @Test
  void the_list_goes_on_page_by_page() throws Exception {
    for (var i = 0; i < 5; i++) {
      made("page-" + i, "\"VIEWER\"");
    }
    assertThat(listed(2)).isEqualTo(listed(200));
    assertThat(call(ADMIN, "GET", PATH + "?limit=201", "").body()).contains("limit must be 1 to");
  }

  @Test
  void none_is_for_good() throws Exception {
    made("person", "\"DEPLOYER\"");
    made("eu-agent", "\"REGION\",\"scope\":\"eu\"");
    made("brief", "\"WORKER\",\"validDays\":1");
    assertThat(daysLeft("person")).isEqualTo(90);
    assertThat(daysLeft("eu-agent")).isEqualTo(365);
    assertThat(daysLeft("brief")).isEqualTo(1);
    var expired = secret(made("late", "\"VIEWER\""));
    jdbc.sql("update api_token set expires_at = now() where name = 'late'").update();
    assertThat(statusOf(expired)).isEqualTo(401);
    assertThat(listed("late").required("state").asString()).isEqualTo("EXPIRED");
  }

  @Test
  void bad_wishes_are_refused_with_what_is_wrong() throws Exception {
    for (var wrong :
        new String[][] {
          {"{\"role\":\"VIEWER\"}", "name must be"},
          {"{\"name\":\"a\\u0007\",\"role\":\"VIEWER\"}", "name must be"},
          {"{\"name\":\"%s\",\"role\":\"VIEWER\"}".formatted("n".repeat(101)), "name must be"},
          {"{\"name\":\"x\"}", "role must be"},
          {"{\"name\":\"x\",\"role\":\"MACHINE\"}", "role must be"},
          {"{\"name\":\"x\",\"role\":\"REGION\"}", "scope must name the region"},
          {"{\"name\":\"x\",\"role\":\"VIEWER\",\"scope\":\"eu\"}", "is for no other"},
          {"{\"name\":\"x\",\"role\":\"REGION\",\"scope\":\"../x\"}", "region must be"},
          {"{\"name\":\"x\",\"role\":\"ADMIN\",\"apps\":[\"a\"]}", "apps must be 1 to 100"},
          {"{\"name\":\"x\",\"role\":\"DEPLOYER\",\"apps\":[]}", "apps must be 1 to 100"},
          {"{\"name\":\"x\",\"role\":\"DEPLOYER\",\"apps\":[\"A B\"]}", "app must be"},
          {"{\"name\":\"x\",\"role\":\"VIEWER\",\"validDays\":0}", "validDays must be 1 to 730"},
          {"{\"name\":\"x\",\"role\":\"VIEWER\",\"validDays\":731}", "validDays must be 1 to 730"}
        }) {
      var answer = call(ADMIN, "POST", PATH, wrong[0]);
      assertThat(answer.statusCode()).as(wrong[0]).isEqualTo(400);
      assertThat(answer.body()).as(wrong[0]).contains(wrong[1]).doesNotContain("Exception");
    }
    var token = at(made("steady", "\"VIEWER\""));
    for (var wrong : new String[] {"{\"overlapSeconds\":-1}", "{\"overlapSeconds\":604801}"}) {
      assertThat(call(ADMIN, "POST", token + "/rotate", wrong).body())
          .contains("overlapSeconds must be 0 to 604800");
    }
    assertThat(call(ADMIN, "POST", PATH + "/4711/rotate", "").statusCode()).isEqualTo(404);
    assertThat(call(ADMIN, "DELETE", PATH + "/4711", "").statusCode()).isEqualTo(404);
  }

  @Test
  void a_revoked_token_is_refused_at_once_and_its_name_may_be_given_again() throws Exception {
    var first = made("leaver", "\"ADMIN\"");
    var again = "{\"name\":\"leaver\",\"role\":\"VIEWER\"}";
    assertThat(call(ADMIN, "POST", PATH, again).body()).contains("token-exists");
    assertThat(call(ADMIN, "DELETE", at(first), "").statusCode()).isEqualTo(204);
    assertThat(statusOf(secret(first))).isEqualTo(401);
    assertThat(call(ADMIN, "DELETE", at(first), "").statusCode()).isEqualTo(409);
    assertThat(call(ADMIN, "POST", at(first) + "/rotate", "").body()).contains("token-not-valid");
    var second = secret(made("leaver", "\"VIEWER\""));
    assertThat(statusOf(second)).isEqualTo(200);
    assertThat(statusOf(secret(first))).isEqualTo(401);
  }

  @Test
  void a_rotation_leaves_the_secret_before_good_for_a_while() throws Exception {
    var made = made("agent", "\"VIEWER\"");
    var rotated = done(200, "POST", at(made) + "/rotate", "{\"overlapSeconds\":600}");
    assertThat(rotated.required("previousUntil").asString()).endsWith("Z");
    assertThat(statusOf(secret(made))).isEqualTo(200);
    assertThat(statusOf(secret(rotated))).isEqualTo(200);
    jdbc.sql("update api_token set previous_until = now() where name = 'agent'").update();
    assertThat(statusOf(secret(made))).isEqualTo(401);
    assertThat(statusOf(secret(rotated))).isEqualTo(200);
  }

  @Test
  void at_most_two_secrets_are_good_at_a_time_and_one_when_there_is_no_overlap() throws Exception {
    var first = made("spinner", "\"VIEWER\"");
    var second = secret(done(200, "POST", at(first) + "/rotate", ""));
    var third = secret(done(200, "POST", at(first) + "/rotate", ""));
    assertThat(List.of(statusOf(secret(first)), statusOf(second), statusOf(third)))
        .containsExactly(401, 200, 200);
    var fourth = secret(done(200, "POST", at(first) + "/rotate", "{\"overlapSeconds\":0}"));
    assertThat(List.of(statusOf(second), statusOf(third), statusOf(fourth)))
        .containsExactly(401, 401, 200);
  }

  @Test
  void a_secret_does_not_outlive_its_own_term_by_a_rotation() throws Exception {
    var made = made("ending", "\"VIEWER\"");
    jdbc.sql("update api_token set expires_at = now() + interval '1 minute' where name = 'ending'")
        .update();
    done(200, "POST", at(made) + "/rotate", "{\"overlapSeconds\":3600}");
    assertThat(
            jdbc.sql(
                    "select previous_until < now() + interval '61 seconds' from api_token where name = 'ending'")
                .query(Boolean.class)
                .single())
        .isTrue();
  }

  @Test
  void what_is_done_to_tokens_is_audited_without_a_secret() throws Exception {
    var made = made("watched", "\"DEPLOYER\",\"apps\":[\"hello\"]");
    var rotated = done(200, "POST", at(made) + "/rotate", "");
    call(ADMIN, "DELETE", at(made), "");
    var lines =
        jdbc.sql(
                "select actor || ' ' || action || ' ' || coalesce(detail, '') from audit where subject = 'token watched' order by id")
            .query(String.class)
            .list();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).startsWith("ada token-make DEPLOYER for [hello], 90 days");
    assertThat(lines.get(1)).startsWith("ada token-rotate the secret before is good until");
    assertThat(lines.get(2)).startsWith("ada token-revoke");
    assertThat(lines.toString()).doesNotContain(secret(made), secret(rotated));
  }

  @Test
  void a_deployer_of_some_apps_reads_all_and_acts_on_those_alone() throws Exception {
    var rows = new JobRows(jdbc);
    rows.app("mine");
    rows.app("theirs");
    var mine = rows.running("mine", "w");
    var theirs = rows.running("theirs", "w");
    var rolling = rolling(theirs);
    var token = secret(made("limited", "\"DEPLOYER\",\"apps\":[\"mine\"]"));
    var wish = "{\"app\":\"%s\",\"build\":%d}";
    assertThat(call(token, "POST", "/api/v1/deployments", wish.formatted("mine", mine)).body())
        .contains("not-deployable");
    for (var path : List.of("/rollback", "/auto-deploy")) {
      var mineToo = call(token, "POST", "/api/v1/apps/mine" + path, "{\"enabled\":true}");
      assertThat(mineToo.statusCode()).as(path).isNotEqualTo(403);
      refused(call(token, "POST", "/api/v1/apps/theirs" + path, "{\"enabled\":true}"));
    }
    refused(call(token, "POST", "/api/v1/deployments", wish.formatted("theirs", theirs)));
    for (var move : List.of("pause", "abort", "approve", "promote", "retry")) {
      refused(call(token, "POST", "/api/v1/deployments/" + rolling + "/" + move, ""));
    }
    assertThat(call(token, "GET", "/api/v1/deployments/" + rolling, "").statusCode())
        .isEqualTo(200);
  }

  private static void refused(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(403);
    assertThat(answer.body()).contains("you may not do this to app theirs");
  }

  private long rolling(long build) {
    return jdbc.sql(
            """
            insert into deployment (app, job, cause, requested_by, status, plan, started_at, wave, wave_started_at)
            values ('theirs', :build, 'PERSON', 'bob', 'ROLLING',
              '{"steps": [{"regions": ["eu"], "machines": 100, "bake": "PT0S"}], "maxFailed": 0, "rollback": false}', now(), 0, now())
            returning id
            """)
        .param("build", build)
        .query(Long.class)
        .single();
  }
}
