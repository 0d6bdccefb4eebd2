package dev.slipway.standalone;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.slipway.standalone.ConsoleBrowser.PATIENCE_MILLIS;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.HasAttributeOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.IsVisibleOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * What people, builds and machines say is shown and does nothing, in a real browser; a log of
 * 50,000 lines stays usable meanwhile.
 */
@NullMarked
@ExtendWith(TestInstallation.Shared.class)
class StoredContentIT {
  private static final String MARKUP =
      "<img src=/nowhere onerror=window.hit=1><script>window.hit=1</script>\"'><b>bold</b>";

  /** Turns text around, and moves a terminal's cursor. */
  private static final String TURNED = "\u202eesrever\u202c\u200f \u05d0\u05d1";

  private static final String EVIL = MARKUP + " " + TURNED;
  private static final int LINES = 50_000;
  private static final int LONG = 1_000_000;

  private final TestInstallation installation;

  StoredContentIT(TestInstallation installation) {
    this.installation = installation;
  }

  @Test
  void whatever_is_stored_is_text_and_a_long_log_is_followed_searched_and_tried_again()
      throws Exception {
    var app = installation.app("hostile");
    var recipe =
        Map.of(
            "repository",
            app.repository.address(),
            "recipe",
            "# " + MARKUP + "\nbuild: {command: 'true', artifact: out}");
    app.queue().put("/api/v1/apps/hostile", recipe);
    var gates = installation.folder("gates");
    app.repository.write("hostile.txt", hostileLog());
    app.repository.write("slipway.yml", buildThatPrints(gates));
    var build = app.job(app.repository.push(EVIL), List.of("RUNNING")).path("id").asLong();
    store(build);
    try (var browser = ConsoleBrowser.start()) {
      try {
        browser.page().navigate(console("/"));
        browser.signIn(installation.standalone().adminToken());
        follow(browser, build, gates);
        cancelAndTryAgain(browser.page(), build, gates);
        search(browser, build);
        visit(browser, build);
      } catch (Exception | AssertionError e) {
        browser.picture("stored-content-failure");
        throw e;
      }
    } finally {
      forget();
    }
  }

  private static String hostileLog() {
    return String.join(
        "\n",
        MARKUP,
        "\u001b]8;;javascript:window.hit=1\u001b\\a link\u001b]8;;\u001b\\ and \u001b[31mred \u001b[2J\u001b[5A\u001b[0mplain",
        TURNED,
        "\u001b]0;<script>window.hit=1</script>",
        "x".repeat(LONG) + MARKUP,
        "<!-- \u0000 ]]> &lt;b&gt; {{7*7}} ${7*7}\n");
  }

  private static String buildThatPrints(Path gates) {
    return """
    build:
      command: |
        cat hostile.txt
        seq -f 'step %%g of the build' 1 %d
        while [ ! -e %s/more ]; do sleep 0.1; done
        seq -f 'later %%g' 1 1000
        while [ ! -e %s/end ]; do sleep 0.1; done
        mkdir -p out && echo done > out/result
      artifact: out
    """
        .formatted(LINES, gates, gates);
  }

  private void follow(ConsoleBrowser browser, long build, Path gates) throws Exception {
    var page = browser.page();
    var began = System.nanoTime();
    page.navigate(console("/builds/" + build));
    var log = page.locator("#log");
    assertThat(page.getByText("step " + LINES + " of the build")).isVisible(visible());
    tell("opened at its end, which is followed", began);
    assertThat(page.locator("#log .line").count()).isLessThan(LINES / 10);

    log.hover();
    page.mouse().wheel(0, -400);
    assertThat(page.locator("#follow")).not().isChecked();
    page.waitForFunction(
        "log => log.scrollTop + log.clientHeight < log.scrollHeight - 350", log.elementHandle());
    log.evaluate("log => { log.scrollTop = 5000; }");
    Files.createFile(gates.resolve("more"));
    page.waitForFunction(
        "n => Number(document.getElementById('log').dataset.lines) >= n", LINES + 1000);
    assertThat(scrollTop(log)).isEqualTo(5000);
    page.locator("#follow").check();
    assertThat(page.getByText("later 1000")).isVisible(visible());

    began = System.nanoTime();
    page.locator("#follow").uncheck();
    log.evaluate("log => { log.scrollTop = log.scrollHeight / 2; }");
    assertThat(page.locator("#L" + linesOf(log) / 2)).isVisible(visible());
    tell("scrolled to its middle", began);
    began = System.nanoTime();
    log.evaluate("log => { log.scrollTop = 0; }");
    assertThat(page.locator("#L1")).isVisible(visible());
    tell("scrolled to its beginning", began);

    assertThat(page.locator("#log img, #log script, #log b, #log a:not(.n)")).hasCount(0);
    assertThat(page.locator("#log")).containsText("<img src=/nowhere onerror=window.hit=1>");
    assertThat((String) page.evaluate("() => document.getElementById('log').textContent"))
        .contains("a link and red plain")
        .doesNotContain("\u202e", "\u200f", "\u001b", "javascript:");
    assertHarmless(browser);
  }

  private void cancelAndTryAgain(Page page, long build, Path gates) throws Exception {
    page.locator("#cancel-" + build).click();
    assertThat(page.locator("#confirm[open]")).containsText("Cancel build #" + build);
    page.locator("#confirm-yes").click();
    assertState(page.locator("#build"), "CANCELLED");
    assertThat(page.locator("#log")).hasAttribute("data-ended", "true", patiently());
    Files.createFile(gates.resolve("end"));
    page.locator("#retry-" + build).click();
    page.locator("#confirm-yes").click();
    assertState(page.locator("#build"), "READY");
    assertThat(page.locator("[data-part='attempt 1, cancelled']")).isVisible();
    page.locator("li[data-attempt='1'] a").click();
    assertThat(page.locator("#log")).hasAttribute("data-attempt", "1");
    database()
        .sql("update job set ref = 'refs/heads/' || ? where id = ?")
        .params(EVIL, build)
        .update();
  }

  private void search(ConsoleBrowser browser, long build) {
    var page = browser.page();
    var began = System.nanoTime();
    page.navigate(console("/builds/" + build + "#L" + LINES / 2));
    assertThat(page.locator("#L" + LINES / 2 + ".named")).isVisible(visible());
    tell("opened at a line that the address names", began);
    began = System.nanoTime();
    page.locator("#log-query").fill("STEP 4999");
    page.keyboard().press("Enter");
    assertThat(page.locator("#log-hits")).containsText(" of 11 lines", said());
    tell("searched", began);
    var first = page.locator("#log-hits").textContent();
    page.locator("#log-next").click();
    assertThat(page.locator("#log-hits")).not().hasText(first);
    assertThat(page.locator("#log .here")).containsText("step 4999");
    page.locator("#log-query").fill("no such thing");
    page.keyboard().press("Enter");
    assertThat(page.locator("#log-hits")).hasText("no line has it");
    page.locator("#wrap").check();
    assertThat(page.locator("#log .line").count()).isLessThan(LINES / 10);
    browser.look("build");
  }

  private void visit(ConsoleBrowser browser, long build) {
    var page = browser.page();
    for (var path :
        List.of(
            "/",
            "/apps/hostile",
            "/builds/" + build + "?attempt=1",
            "/workers",
            "/regions",
            "/audit",
            "/settings",
            "/settings/apps/hostile")) {
      page.navigate(console(path));
      assertThat(page.locator("#main h1").first()).isVisible();
      assertHarmless(browser);
      if (path.matches("/(workers|regions|audit|settings)")) {
        assertThat(page.locator("main")).containsText("<b>bold</b>");
        browser.look(path.substring(1));
      }
    }
    page.locator("summary").click();
    assertThat(page.locator("#recipe")).containsText(MARKUP);
    browser.look("app-settings");
  }

  private static void assertHarmless(ConsoleBrowser browser) {
    var page = browser.page();
    assertThat(page.evaluate("() => window.hit")).isNull();
    assertThat(page.locator("[onerror], img[src='/nowhere'], a[href^='javascript']")).hasCount(0);
    assertThat(page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))
        .isEqualTo(true);
    browser.assertNoErrors();
  }

  /** Puts it where no call lets it in. */
  private void store(long build) {
    var jdbc = database();
    jdbc.sql("insert into worker (name, slots, busy) values (left(?, 200), 1, 0)")
        .param(EVIL)
        .update();
    jdbc.sql(
            "insert into machine (region, id, zone, hosts, seen_at) values ('east', 'hostile', ?, '{hostile}', now())")
        .param(EVIL)
        .update();
    jdbc.sql(
            """
            insert into machine_app (region, machine, app, build, state, revision, detail, changed_at)
            values ('east', 'hostile', 'hostile', ?, 'FAILED', 0, ?, now())
            """)
        .params(build, EVIL)
        .update();
    jdbc.sql("update region set reason = ? where name = 'east'").param(EVIL).update();
    jdbc.sql(
            "insert into freeze_window (app, starts_at, ends_at, reason, created_by) values ('hostile', now(), now() + interval '1 hour', ?, ?)")
        .params(EVIL, EVIL)
        .update();
    jdbc.sql(
            "insert into audit (actor, address, action, subject, outcome, detail) values (?, left(?, 100), ?, ?, ?, ?)")
        .params(EVIL, EVIL, EVIL, EVIL, EVIL, EVIL + "x".repeat(2_000))
        .update();
  }

  private void forget() {
    var jdbc = database();
    jdbc.sql("delete from worker where name like '<img%'").update();
    jdbc.sql("delete from machine where id = 'hostile'").update();
    jdbc.sql("update region set reason = null where name = 'east'").update();
    jdbc.sql("delete from freeze_window where app = 'hostile'").update();
  }

  private JdbcClient database() {
    var port = installation.standalone().ports().database();
    return JdbcClient.create(
        new DriverManagerDataSource(
            "jdbc:postgresql://127.0.0.1:" + port + "/postgres", "postgres", ""));
  }

  private String console(String path) {
    return installation.standalone().console().resolve(path).toString();
  }

  private static int linesOf(Locator log) {
    return Integer.parseInt(log.getAttribute("data-lines"));
  }

  private static double scrollTop(Locator log) {
    return ((Number) log.evaluate("log => log.scrollTop")).doubleValue();
  }

  private static void assertState(Locator locator, String state) {
    assertThat(locator).hasAttribute("data-state", state, patiently());
  }

  private static HasAttributeOptions patiently() {
    return new HasAttributeOptions().setTimeout(PATIENCE_MILLIS);
  }

  private static IsVisibleOptions visible() {
    return new IsVisibleOptions().setTimeout(PATIENCE_MILLIS);
  }

  private static ContainsTextOptions said() {
    return new ContainsTextOptions().setTimeout(PATIENCE_MILLIS);
  }

  /** A figure to read; nothing is asserted about it. */
  @SuppressWarnings("SystemOut")
  private static void tell(String what, long began) {
    System.out.printf(
        "log of %,d lines: %s in %,d ms%n", LINES, what, (System.nanoTime() - began) / 1_000_000);
  }
}
