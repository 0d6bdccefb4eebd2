package dev.slipway.deploy.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.database.TestDatabase;
import dev.slipway.common.job.JobRows;
import dev.slipway.common.loop.Changes;
import dev.slipway.deploy.DeployServiceApplication;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.ConfigurableApplicationContext;

/** Home, the fleet, the grid, search and previews, over a database with something in each state. */
@NullMarked
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class FleetPagesTest {
  private static final Pattern NEXT = Pattern.compile("id=\"next\"[^>]* href=\"([^\"]+)\"");
  private static final Pattern MACHINE = Pattern.compile("<tr[^>]* data-machine=\"([^\"]+)\"");

  private static final String FREEZE =
      """
      insert into freeze_window (app, starts_at, ends_at, reason, created_by)
      values ('search', now() - interval '1 hour', now() + interval '1 hour', 'holidays', 'ann')
      """;

  private Showcase showcase;
  private ConfigurableApplicationContext service;
  private int port;
  private Browser browser;

  @BeforeAll
  void start() {
    var database = TestDatabase.create();
    showcase = new Showcase(database.jdbc());
    service =
        DeployServiceApplication.builder()
            .run(
                "--spring.datasource.url=" + database.url(),
                "--spring.datasource.username=postgres",
                "--slipway.deploy.pass-interval=1h",
                "--server.port=0");
    port = service.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    browser = new Browser(port);
    browser.signIn(Showcase.VIEWER);
  }

  @AfterAll
  void stop() {
    service.close();
  }

  @Test
  void the_first_page_begins_with_what_fails_and_says_why() {
    var page = browser.get("/").body();
    assertThat(page)
        .containsSubsequence(
            "data-group=\"FAILING\"",
            "data-app=\"hello\"",
            "Deploying #" + showcase.ready,
            "1 machine failed",
            "1 machine silent",
            "data-group=\"EMPTY\"",
            "data-app=\"checkout\"")
        .contains("data-count=\"look\"");
  }

  @Test
  void the_first_page_shows_an_app_that_runs_the_same_everywhere_on_one_line() {
    var build = new JobRows(showcase.jdbc).replicated("search");
    for (var region : new String[] {"eu-west", "us-east"}) {
      showcase.runs(region, region + "-3", "search", build);
    }
    assertThat(browser.get("/?name=sear").body())
        .contains("<b>#" + build + "</b>", "in all 2 regions, ×2")
        .doesNotContain("data-app=\"hello\"");
  }

  @Test
  void three_hundred_apps_fit_on_the_first_page_and_a_name_finds_one() {
    var rows = new JobRows(showcase.jdbc);
    for (var i = 0; i < 300; i++) {
      rows.app("many-%03d".formatted(i));
    }
    assertThat(browser.get("/").body()).contains("data-app=\"many-000\"", "data-app=\"many-299\"");
    assertThat(browser.get("/?name=ny-123").body())
        .contains("data-app=\"many-123\"")
        .doesNotContain("data-app=\"many-124\"");
    assertThat(browser.get("/?name=" + "x".repeat(100)).body()).contains("id=\"no-match\"");
    assertThat(browser.get("/?name=" + "x".repeat(101)).statusCode()).isEqualTo(400);
  }

  @Test
  void a_preview_says_what_deploying_or_going_back_would_do() {
    var deploy = browser.get("/apps/search/builds/" + showcase.search + "/deploy");
    assertThat(deploy.body())
        .contains("data-deployable=\"true\"", "data-obstacle=\"pinned\"", "data-region=\"eu-west\"")
        .doesNotContain("<html");
    assertThat(browser.get("/apps/hello/builds/" + showcase.running + "/deploy").body())
        .contains("data-deployable=\"false\"", "in the way");
    assertThat(browser.get("/apps/hello/builds/" + showcase.current + "/rollback").body())
        .contains("data-region=\"us-east\"", "All of them at once")
        .doesNotContain("older than what runs");
  }

  @Test
  void in_a_freeze_the_question_asks_for_a_reason_that_the_press_must_give() {
    showcase.jdbc.sql(FREEZE).update();
    var deployer = new Browser(port);
    deployer.signIn(Showcase.DEPLOYER);
    deployer.get("/");
    var press = "/apps/search/builds/" + showcase.search + "/deploy";
    assertThat(deployer.get(press).body()).contains("id=\"frozen\"", "name=\"override\"");
    assertThat(deployer.press(press).statusCode()).isEqualTo(409);
    assertThat(deployer.press(press + "?override=").statusCode()).isEqualTo(400);
    assertThat(deployer.press(press + "?override=it+burns").body()).contains("is on its way");
  }

  @Test
  void a_preview_that_fails_says_so_in_its_question() {
    var answer =
        browser.get(
            "/apps/hello/builds/999999/deploy",
            "HX-Request",
            "true",
            "HX-Target",
            "confirm-preview");
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("There is nothing here");
    assertThat(answer.headers().firstValue("HX-Retarget")).isEmpty();
  }

  @Test
  void the_fleet_is_filtered_by_region_app_state_and_name() {
    assertThat(browser.get("/machines?app=hello&state=FAILED").body())
        .contains("data-machine=\"eu-west-4\"", "data-state=\"FAILED\"")
        .doesNotContain("data-machine=\"eu-west-1\"");
    assertThat(browser.get("/machines?region=us-east&state=UNKNOWN").body())
        .contains("data-machine=\"us-east-4\"")
        .doesNotContain("data-machine=\"us-east-1\"");
    assertThat(browser.get("/machines?name=ap-south-2").body())
        .contains("data-machine=\"ap-south-2\"", "data-state=\"WAITING\"")
        .doesNotContain("data-machine=\"ap-south-1\"");
    assertThat(browser.get("/machines?name=nobody").body()).contains("No machine is like that.");
  }

  @Test
  void the_pages_of_the_fleet_have_each_machine_once() {
    showcase
        .jdbc
        .sql(
            """
            insert into machine (region, id, zone, seen_at)
            select region.name, 'page-' || n, 'a', now() from region, generate_series(1, 83) n
            """)
        .update();
    var seen = new ArrayList<String>();
    var path = "/machines?name=page-";
    while (!path.isEmpty()) {
      var page = browser.get(path).body();
      MACHINE.matcher(page).results().forEach(found -> seen.add(found.group(1)));
      var next = NEXT.matcher(page);
      path = next.find() ? next.group(1).replace("&amp;", "&") : "";
    }
    assertThat(seen).hasSize(249);
    assertThat(seen.stream().distinct()).hasSize(83);
  }

  @Test
  void what_a_filter_cannot_be_is_refused() {
    assertThat(browser.get("/machines?name=" + "x".repeat(101)).statusCode()).isEqualTo(400);
    assertThat(browser.get("/machines?after=nowhere").statusCode()).isEqualTo(400);
    assertThat(browser.get("/machines?name=%00").statusCode()).isEqualTo(400);
    assertThat(browser.get("/search?q=" + "x".repeat(101)).statusCode()).isEqualTo(400);
  }

  @Test
  void search_finds_apps_builds_commits_deployments_and_machines() {
    var commit =
        showcase
            .jdbc
            .sql("select commit_sha from job where id = :id")
            .param("id", showcase.ready)
            .query(String.class)
            .single();
    assertThat(browser.get("/search?q=HELL").body()).contains("data-app=\"hello\"");
    assertThat(browser.get("/search?q=%23" + showcase.ready).body())
        .contains("data-build=\"" + showcase.ready + "\"");
    assertThat(browser.get("/search?q=" + showcase.rolling).body())
        .contains("data-deployment=\"" + showcase.rolling + "\"");
    assertThat(browser.get("/search?q=" + commit.substring(0, 7)).body())
        .contains("data-build=\"" + showcase.ready + "\"");
    assertThat(browser.get("/search?q=" + commit.substring(0, 6) + "z").body())
        .contains("id=\"no-hits\"");
    assertThat(browser.get("/search?q=west-4").body()).contains("data-machine=\"eu-west-4\"");
    assertThat(browser.get("/search").body()).contains("id=\"no-query\"");
    assertThat(browser.get("/search?q=%25").body()).contains("id=\"no-hits\"");
  }

  @Test
  void the_grid_is_sent_whole_and_then_only_what_has_turned() throws Exception {
    var path = "/deployments/" + showcase.rolling + "/cells";
    var stream = browser.request(path).header("Accept", "text/event-stream").build();
    var response = browser.http.send(stream, BodyHandlers.ofInputStream());
    try (var lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      assertThat(event(lines, "cells"))
          .contains("\"name\":\"eu-west\"", "\"eu-west-4\"")
          .containsPattern("\"name\":\"us-east\"[^}]*\"states\":\"ddpu\"");
      showcase
          .jdbc
          .sql("update machine_app set state = 'ACTIVATING' where machine = 'us-east-1'")
          .update();
      service.getBean("consoleChanges", Changes.class).signal();
      assertThat(event(lines, "turned")).contains("{\"us-east\":{\"a\":[0]}}");
    }
  }

  /** The data of the next event that is called so. */
  private static String event(BufferedReader lines, String name) throws Exception {
    var line = lines.readLine();
    while (line != null && !line.equals("event:" + name)) {
      line = lines.readLine();
    }
    return String.valueOf(lines.readLine());
  }

  @Test
  void stored_text_is_shown_as_text_cut_and_without_what_hides_in_it() {
    var nasty = "<img src=x onerror=alert(1)>\u202Eevil\u001b[31m" + "x".repeat(1_000_000);
    showcase.says(nasty);
    for (var path :
        new String[] {"/", "/apps/hello", "/machines", "/deployments/" + showcase.rolling}) {
      var page = browser.get(path).body();
      assertThat(page)
          .as(path)
          .contains("&lt;img src=x onerror=alert(1)&gt;⟨U+202E⟩evil⟨U+001B⟩")
          .doesNotContain("<img src=x", "\u202E", "\u001b");
      assertThat(page.length()).as(path).isLessThan(900_000);
    }
  }
}
