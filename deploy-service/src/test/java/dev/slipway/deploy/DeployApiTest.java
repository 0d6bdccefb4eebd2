package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.access.Role;
import dev.slipway.common.access.TokenStore;
import dev.slipway.common.database.TestDatabase;
import dev.slipway.common.job.JobRows;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** Deployments over HTTP, as people call it. */
@NullMarked
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class DeployApiTest {
  private static final String TOKEN = "-token-for-tests-0123456789-0123456789";

  private final HttpClient http = HttpClient.newHttpClient();
  private ConfigurableApplicationContext service;
  private JdbcClient jdbc;
  private JobRows rows;
  private String base;

  @BeforeAll
  void start() {
    var database = TestDatabase.create();
    jdbc = database.jdbc();
    rows = new JobRows(jdbc);
    var tokens = new TokenStore(jdbc);
    tokens.put("ada", Role.ADMIN, null, "ada" + TOKEN);
    tokens.put("ann", Role.DEPLOYER, null, "ann" + TOKEN);
    tokens.put("bob", Role.DEPLOYER, null, "bob" + TOKEN);
    tokens.put("vic", Role.VIEWER, null, "vic" + TOKEN);
    jdbc.sql("insert into region (name, bucket) values ('eu', 'file:///none')").update();
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

  private HttpResponse<String> call(String who, String method, String path, String body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(Duration.ofSeconds(20))
            .header("Authorization", "Bearer " + who + TOKEN)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  private static void refused(HttpResponse<String> answer, int status, String... parts) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains(parts).doesNotContain("Exception", "at dev.slipway");
  }

  @Test
  void bad_wishes_are_refused_with_what_is_wrong() throws Exception {
    rows.app("strict");
    var running = rows.running("strict", "w");
    var wish = "{\"app\": \"strict\", \"build\": %s}";
    var path = "/api/v1/deployments";
    refused(call("ann", "POST", path, wish.formatted(running)), 409, "not-deployable");
    refused(call("ann", "POST", path, wish.formatted(4711)), 404, "build #4711 of strict");
    refused(call("ann", "POST", path, wish.formatted("\"x\"")), 400, "invalid-input");
    refused(call("ann", "POST", path, "{\"build\": 1}"), 400, "app must name the app to deploy");
    refused(
        call("ann", "POST", path, "{\"app\":\"strict\",\"build\":1,\"override\":\" \"}"),
        400,
        "override must be a reason of 1 to 500 characters");
    refused(call("vic", "POST", path, wish.formatted(running)), 403, "forbidden");
    refused(call("ann", "POST", "/api/v1/apps/strict/rollback", ""), 409, "nothing-to-roll-back");
    refused(call("ann", "POST", path + "/4711/pause", ""), 404, "deployment 4711");
    refused(call("ann", "POST", path + "/4711/succeed", ""), 404, "promote-all");
  }

  @Test
  void a_freeze_is_an_administrators_and_is_seen_overridden_and_lifted() throws Exception {
    rows.app("cold");
    var build = rows.replicated("cold");
    var path = "/api/v1/freezes";
    var begun = freeze("cold", "-1 minute", "1 day");
    refused(call("ann", "POST", path, begun), 403, "forbidden");
    refused(call("ada", "POST", path, "{\"from\":\"x\"}"), 400, "invalid-input");
    refused(call("ada", "POST", path, freeze("cold", "0", "61 days")), 400, "by at most 60 days");
    refused(call("ada", "POST", path, freeze("cold", "1 day", "0")), 400, "until must be after");
    for (var none : new String[] {freeze("nobody", "0", "1 day"), freeze("cold", "-2 h", "-1 h")}) {
      refused(call("ada", "POST", path, none), 400, "must end in the future and name an app");
    }
    var made = call("ada", "POST", path, begun);
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    assertThat(call("vic", "GET", path, "").body()).contains("holidays", "\"app\":\"cold\"");
    var wish = "{\"app\":\"cold\",\"build\":" + build;
    refused(call("ann", "POST", "/api/v1/deployments", wish + "}"), 409, "frozen", "holidays");
    assertThat(
            call("ann", "POST", "/api/v1/deployments", wish + ",\"override\":\"shop is down\"}")
                .statusCode())
        .isEqualTo(201);
    var id = jdbc.sql("select max(id) from freeze_window").query(Long.class).single();
    assertThat(call("ada", "DELETE", path + "/" + id, "").statusCode()).isEqualTo(204);
    refused(call("ada", "DELETE", path + "/" + id, ""), 404, "freeze " + id);
    assertThat(call("vic", "GET", path, "").body()).isEqualTo("[]");
  }

  private String freeze(String app, String from, String until) {
    return "{\"app\":\"%s\",\"from\":\"%s\",\"until\":\"%s\",\"reason\":\"holidays\"}"
        .formatted(app, moment(from), moment(until));
  }

  private String moment(String fromNow) {
    return jdbc.sql(
            """
            select to_char((now() + cast(? as interval)) at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
            """)
        .param(fromNow)
        .query(String.class)
        .single();
  }

  @Test
  void approval_is_switched_by_administrators_and_given_by_a_second_person() throws Exception {
    rows.app("careful");
    var build = rows.replicated("careful");
    var path = "/api/v1/apps/careful/approval";
    refused(call("ann", "PUT", path, "{\"needed\":true}"), 403, "forbidden");
    assertThat(call("ada", "PUT", path, "{\"needed\":true}").statusCode()).isEqualTo(204);
    var wish = "{\"app\":\"careful\",\"build\":" + build + "}";
    assertThat(call("ann", "POST", "/api/v1/deployments", wish).statusCode()).isEqualTo(201);
    var id = jdbc.sql("select id from deployment where app = 'careful'").query(Long.class).single();
    var approve = "/api/v1/deployments/" + id + "/approve";
    refused(call("ann", "POST", approve, ""), 403, "second-person-needed");
    var approved = call("bob", "POST", approve, "");
    assertThat(approved.body()).contains("\"approvedBy\":\"bob\"");
  }

  @Test
  void a_machine_is_taken_out_by_an_administrator_and_its_region_hears_of_it() throws Exception {
    new TokenStore(jdbc).put("region-eu", Role.REGION, "eu", "eu" + TOKEN);
    jdbc.sql(
            "insert into machine (region, id, zone, labels, seen_at) values ('eu', 'm1', 'a', '{web}', now())")
        .update();
    rows.app("seen");
    assertThat(call("vic", "GET", "/api/v1/apps/seen/fleet?label=web", "").body())
        .contains("\"machine\":\"m1\"", "\"labels\":[\"web\"]");
    assertThat(call("vic", "GET", "/api/v1/apps/seen/fleet?label=web,gpu", "").body())
        .isEqualTo("[]");
    refused(call("vic", "GET", "/api/v1/apps/seen/fleet?label=No", ""), 400, "labels must each be");
    var path = "/api/v1/machines/eu/m1";
    refused(call("ann", "DELETE", path, ""), 403, "forbidden");
    refused(call("ada", "DELETE", "/api/v1/machines/mars/m1", ""), 404, "region mars");
    refused(call("ada", "DELETE", "/api/v1/machines/eu/-", ""), 400, "machine must be");
    var known =
        JsonMapper.shared()
            .readTree(call("eu", "GET", "/api/v1/targets?region=eu&after=0", "").body())
            .path("revision")
            .asLong();
    var waiting =
        http.sendAsync(
            HttpRequest.newBuilder(
                    URI.create(base + "/api/v1/targets?region=eu&wait=30&after=" + known))
                .header("Authorization", "Bearer eu" + TOKEN)
                .build(),
            BodyHandlers.ofString());
    assertThat(call("ada", "DELETE", path, "").statusCode()).isEqualTo(204);
    assertThat(waiting.get(30, TimeUnit.SECONDS).body()).contains("\"machine\":\"m1\"");
    assertThat(call("vic", "GET", "/api/v1/apps/seen/fleet", "").body()).isEqualTo("[]");
    assertThat(call("ada", "GET", "/api/v1/audit", "").body())
        .contains("machine-revoke", "machine eu/m1", "REVOKED");
  }

  @Test
  void a_build_that_waits_is_told_why() throws Exception {
    rows.app("patient");
    var running = rows.running("patient", "w");
    var build = rows.replicated("patient");
    jdbc.sql(
            "update job set rollout = '{\"auto\":true,\"order\":\"EVERY\",\"regions\":[],\"waves\":[],\"maxFailed\":0,\"rollback\":false}' where id = ?")
        .param(build)
        .update();
    assertThat(call("vic", "GET", "/api/v1/apps/patient/auto-deploy", "").body())
        .contains("\"build\":" + build, "waiting for build " + running + ", running since");
  }
}
