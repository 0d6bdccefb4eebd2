package dev.slipway.deploy.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.database.TestDatabase;
import dev.slipway.common.loop.Changes;
import dev.slipway.deploy.DeployServiceApplication;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.ConfigurableApplicationContext;

@NullMarked
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class ConsoleTest {
  private TestDatabase database;
  private Showcase showcase;
  private ConfigurableApplicationContext service;
  private int port;

  @BeforeAll
  void start() {
    database = TestDatabase.create();
    showcase = new Showcase(database.jdbc());
    service =
        DeployServiceApplication.builder()
            .run(
                "--spring.datasource.url=" + database.url(),
                "--spring.datasource.username=postgres",
                "--slipway.deploy.pass-interval=1h",
                "--server.port=0");
    port = service.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  @AfterAll
  void stop() {
    service.close();
  }

  private Browser signedIn(String token) {
    var browser = new Browser(port);
    browser.signIn(token);
    browser.get("/");
    return browser;
  }

  @Test
  void a_stranger_is_asked_for_a_token_and_comes_back_to_the_page_asked_for() {
    var browser = new Browser(port);
    assertThat(browser.get("/apps/hello").uri().getPath()).isEqualTo("/login");
    var welcome = browser.signIn(Showcase.ADMIN);
    assertThat(welcome.uri().getPath()).isEqualTo("/apps/hello");
    assertThat(welcome.body()).contains("data-app=\"hello\"");
  }

  @Test
  void while_the_database_is_away_pages_say_so() {
    var browser = signedIn(Showcase.ADMIN);
    database.reachable(false);
    try {
      // whatever the pool still held is found dead
      browser.get("/");
      var answer = browser.get("/");
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.body()).contains("The database cannot be reached or is busy.");
      assertThat(new Browser(port).signIn(Showcase.ADMIN).body()).contains("the database is away");
    } finally {
      database.reachable(true);
    }
    // the pool needs a moment to notice, for which each request waits
    assertThat(IntStream.range(0, 60).anyMatch(n -> browser.get("/").statusCode() == 200)).isTrue();
  }

  @Test
  void a_wrong_token_opens_nothing_and_is_counted() {
    var browser = new Browser(port);
    assertThat(browser.signIn("nobody's").body()).contains("This token opens no console");
    assertThat(browser.get("/").uri().getPath()).isEqualTo("/login");
    assertThat(refused()).isPositive();
  }

  @Test
  void who_mistypes_the_token_and_asks_for_the_page_again_is_asked_for_it_again() {
    var browser = new Browser(port);
    browser.get("/apps/hello");
    browser.signIn("nobody's");
    var again = browser.get("/apps/hello");
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(again.uri().getPath()).isEqualTo("/login");
  }

  private double refused() {
    return service
        .getBean(MeterRegistry.class)
        .get("slipway.console.sign_ins")
        .tag("outcome", "refused")
        .counter()
        .count();
  }

  @Test
  void a_workers_token_opens_nothing() {
    assertThat(new Browser(port).signIn(Showcase.WORKER).body())
        .contains("This token opens no console");
  }

  @Test
  void the_session_gets_a_new_name_at_sign_in_and_none_exists_before() {
    var browser = new Browser(port);
    assertThat(browser.get("/login").headers().allValues("Set-Cookie"))
        .noneMatch(cookie -> cookie.startsWith("SLIPWAY_CONSOLE"));
    var cookies =
        browser
            .signIn(Showcase.ADMIN)
            .previousResponse()
            .orElseThrow()
            .headers()
            .allValues("Set-Cookie");
    assertThat(cookies)
        .filteredOn(cookie -> cookie.startsWith("SLIPWAY_CONSOLE="))
        .singleElement()
        .asString()
        .contains("HttpOnly", "SameSite=Strict");
  }

  @Test
  void a_session_ends_with_its_token() {
    var browser = signedIn(Showcase.DEPARTING);
    showcase.jdbc.sql("update api_token set revoked_at = now() where name = 'departing'").update();
    assertThat(browser.get("/").uri().getPath()).isEqualTo("/login");
  }

  @Test
  void who_signs_out_is_out() {
    var browser = signedIn(Showcase.ADMIN);
    browser.post("/logout", "_csrf=" + browser.csrf);
    assertThat(browser.get("/").uri().getPath()).isEqualTo("/login");
  }

  @Test
  void every_page_shows_every_state_without_inline_script_or_style() {
    var browser = signedIn(Showcase.ADMIN);
    for (var path :
        List.of(
            "/",
            "/apps/hello",
            "/apps/search",
            "/machines",
            "/search?q=hello",
            "/search?q=1",
            "/builds/" + showcase.ready,
            "/builds/" + showcase.failed,
            "/deployments/1",
            "/deployments/" + showcase.rolling)) {
      var page = browser.get(path);
      assertThat(page.statusCode()).as(path).isEqualTo(200);
      assertThat(page.body()).as(path).contains("</html>").doesNotContain("style=", "onclick=");
      assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
          .contains("default-src 'self'", "frame-ancestors 'none'")
          .doesNotContain("unsafe");
    }
    assertThat(browser.get("/apps/hello").body())
        .contains("data-machine=\"us-east-4\" data-region=\"us-east\" data-state=\"UNKNOWN\"")
        .contains("data-machine=\"eu-west-4\" data-region=\"eu-west\" data-state=\"FAILED\"")
        .contains("id=\"rollback-" + showcase.current + "\"")
        .doesNotContain("id=\"deploy-" + showcase.ready + "\"")
        .doesNotContain("id=\"deploy-" + showcase.failed + "\"");
    assertThat(browser.get("/apps/search").body())
        .contains("id=\"deploy-" + showcase.search + "\"");
  }

  @Test
  void a_page_that_asks_again_gets_its_live_part_alone() {
    var part = signedIn(Showcase.ADMIN).get("/apps/hello", "HX-Request", "true");
    assertThat(part.body()).contains("data-machine").doesNotContain("<html", "id=\"live\"");
  }

  @Test
  void the_scripts_and_styles_are_there() {
    var browser = new Browser(port);
    for (var path :
        List.of(
            "/console/console.css",
            "/console/console.js",
            "/console/cells.js",
            "/console/icon.svg",
            "/console/morph.js",
            "/webjars/htmx.org/dist/htmx.min.js")) {
      assertThat(browser.get(path).statusCode()).as(path).isEqualTo(200);
    }
  }

  @Test
  void a_viewer_sees_the_buttons_disabled_and_is_refused() {
    var browser = signedIn(Showcase.VIEWER);
    var button = "(?=[^>]*id=\"deploy-" + showcase.search + "\")(?=[^>]*disabled=\"disabled\")";
    assertThat(browser.get("/apps/search").body())
        .containsPattern("<button" + button)
        .contains("id=\"why-not\"");
    var refusal = browser.press("/apps/hello/builds/" + showcase.ready + "/deploy");
    assertThat(refusal.statusCode()).isEqualTo(403);
    assertThat(refusal.body()).contains("You may not do this");
    assertThat(deploymentsBy("victoria")).isZero();
  }

  @Test
  void a_deployer_deploys() {
    var answer =
        signedIn(Showcase.DEPLOYER).press("/apps/search/builds/" + showcase.search + "/deploy");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("is on its way", "/deployments/");
    assertThat(deploymentsBy("dora")).isOne();
  }

  @Test
  void a_deployer_pauses_resumes_and_aborts_but_not_what_has_ended() {
    var browser = signedIn(Showcase.DEPLOYER);
    var deployment = "/deployments/" + showcase.rolling;
    assertThat(browser.press(deployment + "/pause").body()).contains("paused now");
    assertThat(browser.press(deployment + "/resume").body()).contains("rolling now");
    assertThat(browser.press(deployment + "/abort").body()).contains("aborted now");
    var late = browser.press(deployment + "/pause");
    assertThat(late.statusCode()).isEqualTo(409);
    assertThat(late.headers().firstValue("HX-Retarget")).contains("#notice");
    assertThat(browser.press(deployment + "/explode").statusCode()).isEqualTo(404);
  }

  @Test
  void a_deployer_pins_an_app() {
    var browser = signedIn(Showcase.DEPLOYER);
    assertThat(browser.press("/apps/checkout/auto-deploy?enabled=false").statusCode())
        .isEqualTo(200);
    assertThat(browser.get("/apps/checkout").body()).contains("id=\"pinned\"", "dora");
  }

  @Test
  void the_page_of_a_ready_build_tells_what_deploying_it_would_do() {
    var page = signedIn(Showcase.VIEWER).get("/builds/" + showcase.current).body();
    assertThat(page)
        .contains("id=\"preview\" data-deployable=\"false\"")
        .contains("data-obstacle=\"older\"", "data-region=\"eu-west\"")
        .contains("by the last 3 that went well")
        .contains("data-stage=\"verify\"");
    assertThat(signedIn(Showcase.VIEWER).get("/builds/" + showcase.running).body())
        .doesNotContain("id=\"preview\"");
  }

  @Test
  void a_deployments_page_counts_by_region_and_offers_another_try_to_those_that_failed() {
    var deployment = showcase.rollsWithAFailure();
    var browser = signedIn(Showcase.DEPLOYER);
    assertThat(browser.get("/deployments/" + deployment).body())
        .contains("id=\"region-eu-west\"", "data-check=\"failures\"")
        .contains("id=\"retry\"", "Let the 1 that failed try again");
    assertThat(browser.press("/deployments/" + deployment + "/retry").body())
        .contains("1 machine tries again.");
    showcase.ended(deployment);
  }

  @Test
  void a_build_that_is_not_ready_is_refused_with_the_reason() {
    var answer =
        signedIn(Showcase.DEPLOYER).press("/apps/hello/builds/" + showcase.running + "/deploy");
    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.body()).contains("not replicated");
  }

  private int deploymentsBy(String name) {
    return showcase
        .jdbc
        .sql("select count(*) from deployment where requested_by = :name")
        .param("name", name)
        .query(Integer.class)
        .single();
  }

  @Test
  void a_press_without_the_pages_token_is_refused() {
    var browser = signedIn(Showcase.ADMIN);
    var answer = browser.post("/apps/hello/builds/" + showcase.ready + "/deploy", "");
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("out of date");
    assertThat(deploymentsBy("admin")).isZero();
  }

  @Test
  void errors_are_pages_without_a_trace() {
    var browser = signedIn(Showcase.VIEWER);
    for (var path :
        List.of("/nowhere", "/apps/nobody", "/apps/NOT_A_NAME", "/builds/9999", "/builds/x")) {
      var page = browser.get(path);
      assertThat(page.statusCode()).as(path).isEqualTo(404);
      assertThat(page.body())
          .as(path)
          .contains("There is nothing here")
          .doesNotContain("Exception");
    }
    assertThat(browser.get("/api/v1/nowhere").body()).contains("\"code\"").doesNotContain("<html");
  }

  @Test
  void streams_and_pieces_of_pages_are_refused_to_strangers_without_a_detour() {
    var browser = new Browser(port);
    var piece = browser.get("/", "HX-Request", "true");
    assertThat(piece.statusCode()).isEqualTo(401);
    assertThat(piece.headers().firstValue("HX-Redirect")).contains("/login");
    var stream = browser.request("/events").header("Accept", "text/event-stream").build();
    assertThat(browser.http.sendAsync(stream, BodyHandlers.discarding()).join().statusCode())
        .isEqualTo(401);
  }

  @Test
  void an_open_page_hears_of_changes() throws Exception {
    var browser = signedIn(Showcase.VIEWER);
    var stream = browser.request("/events").header("Accept", "text/event-stream").build();
    var response = browser.http.send(stream, BodyHandlers.ofInputStream());
    try (var lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      assertThat(nextEvent(lines)).isEqualTo("changed");
      service.getBean("consoleChanges", Changes.class).signal();
      assertThat(nextEvent(lines)).isEqualTo("changed");
    }
  }

  private static String nextEvent(BufferedReader lines) throws Exception {
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("event:")) {
        return line.substring("event:".length());
      }
    }
    return "the end";
  }
}
