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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
    tokens.put("far", Role.REGION, "far", "far" + TOKEN);
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

  private HttpResponse<String> read(String who, String path, String... headers) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(Duration.ofSeconds(60))
            .header("Authorization", "Bearer " + who + TOKEN);
    for (var i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> next(HttpResponse<String> page) throws Exception {
    var link = page.headers().firstValue("Link").orElseThrow();
    assertThat(link).endsWith(">; rel=\"next\"");
    return read("vic", link.substring(1, link.indexOf('>')));
  }

  @Test
  void a_fleet_is_read_page_by_page() throws Exception {
    rows.app("paged");
    jdbc.sql(
            "insert into region (name, bucket, wanted, reason) values ('us', 'file:///none2', false, 'away')")
        .update();
    for (var machine : List.of("eu/p1", "eu/p2", "us/p1", "us/p3", "us/p4")) {
      jdbc.sql(
              """
              insert into machine (region, id, zone, hosts, labels, seen_at)
              values (:region, :id, 'z', array['paged'], case when :id in ('p2', 'p3') then array['edge'] else '{}' end, now())
              """)
          .param("region", machine.substring(0, 2))
          .param("id", machine.substring(3))
          .update();
    }
    var fleet = "/api/v1/apps/paged/fleet";
    var first = read("vic", fleet + "?limit=2");
    assertThat(machines(first)).containsExactly("eu/p1", "eu/p2");
    var second = next(first);
    assertThat(machines(second)).containsExactly("us/p1", "us/p3");
    var last = next(second);
    assertThat(machines(last)).containsExactly("us/p4");
    assertThat(last.headers().firstValue("Link")).isEmpty();
    var labelled = read("vic", fleet + "?label=edge&limit=1");
    assertThat(machines(labelled)).containsExactly("eu/p2");
    assertThat(machines(next(labelled))).as("pages keep the labels").containsExactly("us/p3");
    assertThat(machines(read("vic", fleet))).as("all, unless asked otherwise").hasSize(5);
    refused(read("vic", fleet + "?limit=0"), 400, "limit must be 1 to 10000");
    refused(read("vic", fleet + "?limit=10001"), 400, "limit must be 1 to 10000");
  }

  private static List<String> machines(HttpResponse<String> page) {
    return JsonMapper.shared()
        .readTree(page.body())
        .valueStream()
        .map(m -> m.path("region").asString() + "/" + m.path("machine").asString())
        .toList();
  }

  @Test
  void freezes_are_read_page_by_page() throws Exception {
    rows.app("pages");
    for (var until : List.of("1 day", "3 days", "2 days")) {
      assertThat(call("ada", "POST", "/api/v1/freezes", freeze("pages", "0", until)).statusCode())
          .isEqualTo(201);
    }
    var page = read("vic", "/api/v1/freezes?limit=1");
    var seen = new ArrayList<String>();
    while (page.headers().firstValue("Link").isPresent()) {
      seen.add(JsonMapper.shared().readTree(page.body()).path(0).path("endsAt").asString());
      page = next(page);
    }
    assertThat(page.body()).isEqualTo("[]");
    assertThat(seen).hasSize(3).isSorted();
    jdbc.sql("update freeze_window set ends_at = greatest(starts_at, now()) where app = 'pages'")
        .update();
  }

  @Test
  void targets_that_a_region_has_are_waited_for_and_not_sent_again() throws Exception {
    rows.app("tagged");
    var build = rows.replicated("tagged");
    // a region of its own, in which nobody else deploys
    jdbc.sql(
            "insert into region (name, bucket, wanted, reason) values ('far', 'file:///far', false, 'away')")
        .update();
    jdbc.sql(
            """
            insert into deployment (app, job, cause, requested_by, plan, status, finished_at)
            values ('tagged', :build, 'PERSON', 'ann', '{"steps":[],"maxFailed":0,"rollback":false}', 'ABORTED', now())
            """)
        .param("build", build)
        .update();
    jdbc.sql(
            """
            with next as (update target_revision set revision = revision + 1 returning revision)
            insert into target (region, app, job, revision, share, deployment)
            select 'far', app, job, next.revision, 100, id from deployment, next where app = 'tagged'
            """)
        .update();
    var all = "/api/v1/targets?region=far";
    var first = read("far", all);
    assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
    var tag = first.headers().firstValue("ETag").orElseThrow();
    var again = read("far", all + "&wait=1", "If-None-Match", tag);
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    assertThat(again.headers().firstValue("ETag")).hasValue(tag);

    var waiting =
        CompletableFuture.supplyAsync(() -> {
          try {
            return read("far", all + "&wait=30", "If-None-Match", tag);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
    jdbc.sql(
            """
            with next as (update target_revision set revision = revision + 1 returning revision)
            update target set revision = next.revision from next where region = 'far'
            """)
        .update();
    jdbc.sql("select pg_notify('slipway_target_changed', '')").query(row -> {});
    var news = waiting.get(60, TimeUnit.SECONDS);
    assertThat(news.statusCode()).isEqualTo(200);
    assertThat(news.headers().firstValue("ETag").orElseThrow()).isNotEqualTo(tag);
  }

  @Test
  void a_token_that_was_made_under_a_key_is_not_kept_and_not_shown_again() throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(base + "/api/v1/tokens"))
            .timeout(Duration.ofSeconds(20))
            .header("Authorization", "Bearer ada" + TOKEN)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", "make-eve")
            .POST(BodyPublishers.ofString("{\"name\": \"eve\", \"role\": \"VIEWER\"}"))
            .build();
    var made = http.send(request, BodyHandlers.ofString());
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    refused(http.send(request, BodyHandlers.ofString()), 409, "answer-not-kept");
    assertThat(
            jdbc.sql("select length(body) from idempotency_key where key = 'make-eve'")
                .query(Integer.class)
                .single())
        .isZero();
    var token = JsonMapper.shared().readTree(made.body()).path("token").asString();
    assertThat(token).as("the one that was made is good").isNotEmpty();
  }

  @Test
  void receivers_are_an_administrators_and_their_secret_is_shown_once() throws Exception {
    rows.app("told");
    var path = "/api/v1/webhooks";
    var wish =
        "{\"url\":\"https://93.184.215.14/%s\",\"app\":\"told\",\"events\":[\"build.failed\"]}";
    refused(call("ann", "POST", path, wish.formatted("a")), 403, "forbidden");
    refused(read("ann", path), 403, "forbidden");
    refused(call("ada", "POST", path, "{\"url\":\"http://127.0.0.1/\"}"), 400, "public");
    refused(call("ada", "POST", path, "{}"), 400, "url must be");
    refused(call("ada", "POST", path, "{\"events\":[\"x\"]}"), 400, "must be of build.started");
    refused(call("ada", "POST", path, "{\"events\":[]}"), 400, "events must name at least one");
    var made = call("ada", "POST", path, wish.formatted("a"));
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    var json = JsonMapper.shared().readTree(made.body());
    assertThat(json.path("secret").asString()).startsWith("whsec_");
    assertThat(json.path("events").path(0).asString()).isEqualTo("build.failed");
    var one = path + "/" + json.path("id").asLong();
    call("ada", "POST", path, wish.formatted("b"));
    assertThat(read("ada", one).body()).contains("/a\"").doesNotContain("whsec_");
    var page = JsonMapper.shared().readTree(read("ada", path + "?limit=1").body());
    var after = page.path("next").asLong();
    assertThat(read("ada", path + "?limit=2&after=" + after).body())
        .contains("/b\"", "\"next\":null")
        .doesNotContain("whsec_");
    assertThat(read("ada", one + "/deliveries").body())
        .isEqualTo("{\"deliveries\":[],\"next\":null}");
    assertThat(call("ada", "POST", one + "/enable", "").statusCode()).isEqualTo(200);
    assertThat(call("ada", "DELETE", one, "").statusCode()).isEqualTo(204);
    refused(read("ada", one), 404, "webhook");
    refused(call("ada", "DELETE", one, ""), 404, "webhook");
    assertThat(
            jdbc.sql("select detail from audit where action = 'webhook-make' order by id limit 1")
                .query(String.class)
                .single())
        .isEqualTo("JSON 93.184.215.14");
  }
}
