package dev.slipway.deploy.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.database.TestDatabase;
import dev.slipway.common.job.JobRows;
import dev.slipway.deploy.DeployServiceApplication;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** The pages of builds and their logs, workers, regions, the audit trail and settings. */
@NullMarked
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class OperationsTest {
  private Showcase showcase;
  private JobRows rows;
  private ConfigurableApplicationContext service;
  private int port;

  @BeforeAll
  void start() {
    var database = TestDatabase.create();
    showcase = new Showcase(database.jdbc());
    rows = new JobRows(database.jdbc());
    service =
        DeployServiceApplication.builder()
            .run(
                "--spring.datasource.url=" + database.url(),
                "--spring.datasource.username=postgres",
                "--slipway.deploy.pass-interval=1h",
                "--server.port=0");
    port = service.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    worker("worker-1", 2, 1, "{linux,large}", 0);
    worker("worker-2", 1, 0, "{}", 500);
  }

  @AfterAll
  void stop() {
    service.close();
  }

  private void worker(String name, int slots, int busy, String labels, int silent) {
    showcase
        .jdbc
        .sql(
            "insert into worker (name, slots, busy, labels, seen_at) values (?, ?, ?, cast(? as text[]), now() - make_interval(secs => ?))")
        .params(name, slots, busy, labels, silent)
        .update();
  }

  private Browser signedIn(String token) {
    var browser = new Browser(port);
    browser.signIn(token);
    browser.get("/");
    return browser;
  }

  private String page(String token, String path) {
    var page = signedIn(token).get(path);
    assertThat(page.statusCode()).as(path).isEqualTo(200);
    return page.body();
  }

  private int audited(String action, String subject) {
    return showcase
        .jdbc
        .sql("select count(*) from audit where action = ? and subject = ?")
        .params(action, subject)
        .query(Integer.class)
        .single();
  }

  @Test
  void every_page_is_whole_and_has_no_inline_script_or_style() {
    var browser = signedIn(Showcase.ADMIN);
    for (var path :
        List.of(
            "/builds/" + showcase.running,
            "/builds/" + showcase.ready,
            "/builds/" + showcase.failed,
            "/workers",
            "/regions",
            "/audit",
            "/audit?app=hello&who=ada&action=deploy&from=2026-01-01T00:00&until=2036-01-01T00:00",
            "/settings",
            "/settings/tokens",
            "/settings/people",
            "/settings/apps/hello")) {
      var page = browser.get(path);
      assertThat(page.statusCode()).as(path).isEqualTo(200);
      assertThat(page.body())
          .as(path)
          .contains("</html>")
          .doesNotContain(" style=", "onclick=", "javascript:");
    }
    for (var path : List.of("/console/pages.css", "/console/log.js", "/console/copy.js")) {
      assertThat(browser.get(path).statusCode()).as(path).isEqualTo(200);
    }
  }

  @Test
  void a_builds_way_is_a_table_with_attempts_and_regions() {
    var build = "/builds/" + showcase.ready;
    showcase
        .jdbc
        .sql(
            "insert into past_attempt (job, attempt, worker, started_at, outcome, reason) values (?, 0, 'worker-3', now(), 'LOST', 'its worker was not heard of') on conflict do nothing")
        .param(showcase.ready)
        .update();
    assertThat(page(Showcase.VIEWER, build))
        .contains(
            "data-stage=\"build\"", "data-part=\"attempt 0, lost\"", "data-part=\"in eu-west\"")
        .contains("its worker was not heard of", "data-copy=\"sha256\"")
        .contains("<th scope=\"col\" class=\"num\">Budget</th>");
  }

  @Test
  void a_deployer_cancels_a_build_that_waits_and_has_it_tried_again() {
    var build = rows.queued("checkout");
    var browser = signedIn(Showcase.DEPLOYER);
    assertThat(browser.get("/builds/" + build).body())
        .contains("id=\"cancel-" + build + "\"")
        .doesNotContain("id=\"retry-" + build + "\"");
    assertThat(browser.press("/builds/" + build + "/cancel").body()).contains("is cancelled");
    assertThat(browser.get("/builds/" + build).body())
        .contains("cancelled by dora", "id=\"retry-" + build + "\"");
    assertThat(browser.press("/builds/" + build + "/retry").body())
        .contains("waits for a worker again");
    var again = browser.press("/builds/" + build + "/retry");
    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(again.body()).contains("it cannot be tried again");
    assertThat(audited("job-cancel", "job " + build)).isOne();
    assertThat(audited("job-retry", "job " + build)).isOne();
    browser.press("/builds/" + build + "/cancel");
  }

  @Test
  void a_running_build_that_is_cancelled_says_who_asked_and_what_it_waits_for() {
    var build = rows.running("checkout", "worker-1");
    var browser = signedIn(Showcase.DEPLOYER);
    assertThat(browser.press("/builds/" + build + "/cancel").body())
        .contains("ends as soon as its worker has stopped it");
    assertThat(browser.get("/builds/" + build).body())
        .contains("id=\"stopping\"", "dora cancelled it")
        .containsPattern("id=\"cancel-" + build + "\"[^>]* disabled");
  }

  @Test
  void a_viewer_sees_no_button_that_would_be_refused() {
    var browser = signedIn(Showcase.VIEWER);
    for (var path :
        List.of(
            "/builds/" + showcase.running,
            "/builds/" + showcase.failed,
            "/regions",
            "/settings",
            "/settings/apps/hello")) {
      assertThat(browser.get(path).body())
          .as(path)
          .doesNotContainPattern(
              "<button[^>]*(cancel-|retry-|exclude|save|approval|freeze-now|include-)");
    }
    for (var path :
        List.of(
            "/builds/" + showcase.running + "/cancel",
            "/regions/eu-west/include",
            "/settings/apps/hello/approval?needed=true")) {
      assertThat(browser.press(path).statusCode()).as(path).isEqualTo(403);
    }
  }

  @Test
  void a_deployer_may_not_change_regions_or_settings() {
    var browser = signedIn(Showcase.DEPLOYER);
    assertThat(browser.send("/regions/exclude", "region=eu-west&reason=x").statusCode())
        .isEqualTo(403);
    assertThat(browser.send("/settings/freezes", "app=&from=&until=&reason=").statusCode())
        .isEqualTo(403);
    assertThat(browser.get("/audit").statusCode()).isEqualTo(403);
    assertThat(browser.get("/audit.ndjson").statusCode()).isEqualTo(403);
    assertThat(browser.get("/audit").body()).contains("You may not do this");
  }

  @Test
  void workers_are_shown_with_what_they_build_and_what_waits() {
    rows.app("labelled");
    var waits = rows.queued("labelled");
    showcase.jdbc.sql("update job set pool = 'gpu' where id = ?").param(waits).update();
    showcase.jdbc.sql("update worker set seen_at = now() where name = 'worker-1'").update();
    assertThat(page(Showcase.VIEWER, "/workers"))
        .contains("data-worker=\"worker-1\" data-state=\"BUSY\"")
        .contains("data-worker=\"worker-2\" data-state=\"UNKNOWN\"")
        .contains("href=\"/builds/" + showcase.running + "\"")
        .contains("data-queue=\"gpu\"", "No worker that was heard of takes these.")
        .contains(">large</span>");
  }

  @Test
  void an_administrator_leaves_a_region_out_and_takes_it_in_again() {
    var browser = signedIn(Showcase.ADMIN);
    showcase.jdbc.sql("update machine set seen_at = now() where region = 'eu-west'").update();
    assertThat(browser.get("/regions").body())
        .contains("data-region=\"us-east\" data-wanted=\"true\"")
        .contains("data-machines=\"UNKNOWN\"", "data-machines=\"FAILED\"");
    var unexplained = browser.send("/regions/exclude", "region=ap-south&reason=+");
    assertThat(unexplained.statusCode()).isEqualTo(400);
    assertThat(unexplained.body()).contains("why the region is excluded");
    assertThat(browser.send("/regions/exclude", "region=ap-south&reason=its+bucket+is+away").body())
        .contains("ap-south is excluded");
    assertThat(browser.get("/regions").body())
        .contains("data-region=\"ap-south\" data-wanted=\"false\"", "its bucket is away")
        .contains("id=\"include-ap-south\"");
    assertThat(browser.press("/regions/ap-south/include").body()).contains("counts again");
    assertThat(browser.press("/regions/nowhere/include").statusCode()).isEqualTo(404);
    assertThat(audited("region-exclude", "region ap-south")).isOne();
    assertThat(audited("region-include", "region ap-south")).isOne();
  }

  @Test
  void the_audit_trail_is_filtered_paged_and_exported() {
    for (var n = 1; n <= 120; n++) {
      showcase
          .jdbc
          .sql(
              "insert into audit (actor, action, subject, outcome, detail) values ('paula', 'trial', ?, 'DONE', 'number ' || ?)")
          .params(n % 2 == 0 ? "job " + showcase.search : "app hello", n)
          .update();
    }
    var browser = signedIn(Showcase.ADMIN);
    var first = browser.get("/audit?who=paula").body();
    assertThat(first)
        .contains("number 120<", "number 21<", "id=\"older\"")
        .doesNotContain("number 20<");
    var before = first.replaceAll("(?s).*before=(\\d+).*", "$1");
    assertThat(browser.get("/audit?who=paula&before=" + before).body())
        .contains("number 20<", "number 1<")
        .doesNotContain("id=\"older\"", "number 21<");
    assertThat(browser.get("/audit?who=paula&app=search").body())
        .contains("number 120<")
        .doesNotContain("number 119<");
    assertThat(browser.get("/audit?who=nobody").body()).contains("Nothing of that kind was done");
    assertThat(browser.get("/audit?who=paula&until=2026-01-01T00:00").body())
        .contains("id=\"no-lines\"");
    assertThat(browser.get("/audit?app=NOT+A+NAME").statusCode()).isEqualTo(400);
    assertThat(browser.get("/audit?from=yesterday").statusCode()).isEqualTo(400);
    var lines = browser.get("/audit.ndjson?who=paula&app=hello");
    assertThat(lines.headers().firstValue("Content-Disposition").orElse(""))
        .contains("audit.ndjson");
    assertThat(lines.body().lines()).hasSize(60).first().asString().contains("\"number 119\"");
  }

  @Test
  void an_administrator_sets_how_builds_are_treated_and_bad_values_are_named() {
    var browser = signedIn(Showcase.ADMIN);
    var form = "builds=latest&maxAttempts=%d&keepBuilds=50&retryFailures=true";
    assertThat(browser.send("/settings/apps/search", form.formatted(5)).body()).contains("Saved");
    assertThat(browser.get("/settings/apps/search").body())
        .contains("value=\"latest\" selected", "value=\"50\"", "value=\"5\"", "checked");
    var bad = browser.send("/settings/apps/search", form.formatted(11));
    assertThat(bad.statusCode()).isEqualTo(400);
    assertThat(bad.body()).contains("MaxAttempts must be 1 to 10");
    assertThat(browser.send("/settings/apps/nobody", form.formatted(1)).statusCode())
        .isEqualTo(404);
    assertThat(audited("app-options", "app search")).isOne();
    assertThat(browser.get("/settings/apps/search").body()).doesNotContain("a secret for tests");
  }

  @Test
  void an_administrator_has_an_app_wait_for_a_second_person() {
    var browser = signedIn(Showcase.ADMIN);
    browser.press("/settings/apps/checkout/approval?needed=true");
    assertThat(browser.get("/settings/apps/checkout").body())
        .contains("data-needed=\"true\"", "somebody else than who asked");
    browser.press("/settings/apps/checkout/approval?needed=false");
    assertThat(browser.get("/settings/apps/checkout").body()).contains("data-needed=\"false\"");
  }

  @Test
  void an_administrator_sets_a_freeze_and_lifts_it() {
    var browser = signedIn(Showcase.ADMIN);
    var form = "app=checkout&from=%s&until=%s&reason=holidays";
    var set =
        browser.send("/settings/freezes", form.formatted("2126-12-23T18:00", "2126-12-27T08:00"));
    assertThat(set.body()).contains("Set: freeze", "holidays");
    var page = browser.get("/settings").body();
    assertThat(page).contains("2126-12-23T18:00:00Z", "to come");
    var id = page.replaceAll("(?s).*data-freeze=\"(\\d+)\".*", "$1");
    assertThat(browser.send("/settings/freezes", form.formatted("soon", "later")).body())
        .contains("From must be a date with its time");
    assertThat(
            browser
                .send("/settings/freezes", form.formatted("2126-12-23T18:00", "2127-12-23T18:00"))
                .body())
        .contains("Until must be after from, by at most 60 days");
    assertThat(browser.press("/settings/freezes/" + id + "/lift").body()).contains("is over");
    assertThat(browser.get("/settings").body()).doesNotContain("data-freeze=\"" + id + "\"");
  }

  @Test
  void a_log_is_read_searched_and_downloaded_as_text() {
    var browser = signedIn(Showcase.VIEWER);
    var log = "/builds/" + showcase.running + "/log";
    assertThat(browser.get(log + "/lines?attempt=1&from=1").body())
        .contains("&lt;script&gt;alert(&#39;gotcha&#39;)&lt;/script&gt;", "fetching 100%")
        .contains("<span class=\"bold ansi-1\">[ERROR]</span>")
        .doesNotContain(Showcase.HOSTILE, "fetching 10%");
    assertThat(browser.get(log + "/search?attempt=1&q=alert").body())
        .isEqualTo("{\"lines\":[6],\"total\":1}");
    assertThat(browser.get(log + "/search?attempt=1&q=").statusCode()).isEqualTo(400);
    assertThat(browser.get(log + "/lines?attempt=1&from=2").statusCode()).isEqualTo(400);
    assertThat(browser.get(log + "/lines?attempt=2&from=1").statusCode()).isEqualTo(404);
    assertThat(browser.get("/builds/9999/log/lines?attempt=1&from=1").statusCode()).isEqualTo(404);
    var raw = browser.get(log + ".txt");
    assertThat(raw.body()).contains(Showcase.HOSTILE, "Tests run: 412");
    assertThat(raw.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
    assertThat(raw.headers().firstValue("Content-Disposition").orElse("")).startsWith("attachment");
    assertThat(raw.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
  }

  @Test
  void an_archived_log_is_read_from_its_bucket_and_the_signature_beside_it(@TempDir Path bucket)
      throws Exception {
    var build = showcase.current;
    write(bucket, "logs/hello/" + build + "-1.log", "kept \u001b[31m<b>red\u001b[0m");
    write(
        bucket,
        "manifests/hello/" + build + "-1.json",
        "{\"payloadType\":\"t\",\"payload\":\"e30=\",\"signatures\":[{\"keyid\":\"<i>key\",\"sig\":\"AA==\"}]}");
    var browser = signedIn(Showcase.VIEWER);
    assertThat(browser.get("/builds/" + build + "/signature").body())
        .contains("id=\"signature-later\"", "is archived");
    showcase.archived(build, bucket.toUri(), 20);
    assertThat(browser.get("/builds/" + build + "/log/lines?attempt=1&from=1").body())
        .contains("kept <span class=\"ansi-1\">&lt;b&gt;red</span>");
    assertThat(browser.get("/builds/" + build + "/signature").body()).contains("&lt;i&gt;key<");
    assertThat(browser.get("/builds/" + build + "/provenance").statusCode()).isEqualTo(404);
    var sworn =
        "{\"payloadType\":\"t\",\"payload\":\"e30=\",\"signatures\":[{\"keyid\":\"builder\",\"sig\":\"AA==\"}]}\n";
    write(bucket, "provenance/hello/" + build + "-1.intoto.jsonl", sworn);
    assertThat(browser.get("/builds/" + build + "/signature").body())
        .contains("id=\"provenance\">" + Sha256.of(sworn.getBytes(StandardCharsets.UTF_8)) + "<");
    assertThat(browser.get("/builds/" + build + "/provenance").body()).isEqualTo(sworn);
    write(bucket, "manifests/hello/" + build + "-1.json", "nonsense");
    assertThat(browser.get("/builds/" + build + "/signature").body())
        .contains("cannot be read now");
  }

  @Test
  void a_log_whose_bucket_is_away_says_so(@TempDir Path bucket) throws Exception {
    showcase.archived(showcase.search, bucket.toUri(), 20);
    assertThat(followed(showcase.search).body())
        .contains("event:away", "its bucket cannot be read now");
    assertThat(
            signedIn(Showcase.VIEWER)
                .get("/builds/" + showcase.search + "/log/lines?attempt=1&from=1")
                .statusCode())
        .isEqualTo(503);
  }

  private static void write(Path bucket, String object, String content) throws Exception {
    var file = bucket.resolve(object);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  @Test
  void whoever_follows_a_log_is_told_how_it_grows_and_when_it_ends() throws Exception {
    showcase.print(showcase.ready, "one\n");
    showcase.print(showcase.ready, "two\nthr");
    assertThat(followed(showcase.ready).body())
        .contains("event:log", "{\"attempt\":1,\"lines\":3,\"bytes\":11}", "event:end");
  }

  private HttpResponse<String> followed(long build) throws Exception {
    var browser = signedIn(Showcase.VIEWER);
    var request =
        browser
            .request("/builds/" + build + "/log/events")
            .header("Accept", "text/event-stream")
            .build();
    return browser.http.send(request, BodyHandlers.ofString());
  }
}
