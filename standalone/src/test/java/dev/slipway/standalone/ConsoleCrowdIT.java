package dev.slipway.standalone;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.slipway.standalone.ConsoleBrowser.PATIENCE_MILLIS;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.HasCountOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.HasTextOptions;
import dev.slipway.common.app.AppName;
import dev.slipway.common.machine.AppReport;
import dev.slipway.common.machine.AppState;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The console with 10,000 machines. */
@NullMarked
@ExtendWith(TestInstallation.Shared.class)
class ConsoleCrowdIT {
  private static final AppName CROWD = new AppName("crowd");
  private static final int A_REGION = 5_000;
  private static final int FAILED = 100;
  private static final String HOSTILE = "<img src=/nowhere onerror=alert(1)>\u202Eeno\u001b[31m";

  private final TestInstallation installation;

  ConsoleCrowdIT(TestInstallation installation) {
    this.installation = installation;
  }

  @Test
  void a_page_with_ten_thousand_machines_is_drawn_once_and_turns_cell_by_cell() throws Exception {
    var app = installation.app(CROWD.value());
    app.repository.replace("slipway.yml", "auto: false", "max-failed: 5%");
    try (var crowd = new Crowd(installation, CROWD, A_REGION);
        var browser = ConsoleBrowser.start()) {
      var build = app.replicated(app.repository.push("Say hello"));
      var wish = Map.of("app", CROWD.value(), "build", build);
      var deployment = app.deploy().post("/api/v1/deployments", wish).path("id").asLong();
      var page = browser.page();
      page.navigate(console("/").toString());
      browser.signIn(installation.standalone().adminToken());
      drawAndTurn(page, crowd, build, deployment);
      browser.look("deployment-of-ten-thousand");
      list(page);
      browser.picture("machines-of-ten-thousand");
      page.navigate(console("/").toString());
      assertThat(page.locator("#row-crowd[data-standing=FAILING]")).isVisible();
      browser.picture("home-with-failures");
      browser.assertNoErrors();
      app.deploy().post("/api/v1/deployments/" + deployment + "/abort", Map.of());
    }
  }

  private void drawAndTurn(Page page, Crowd crowd, long build, long deployment) throws Exception {
    var began = System.nanoTime();
    page.navigate(console("/deployments/" + deployment).toString());
    var all = 2 * A_REGION + installation.standalone().size().machines();
    assertThat(page.locator(".cells i")).hasCount(all, patiently());
    tell("drawn", began);
    page.evaluate("() => { window.cell = document.querySelector('#cells-west i'); }");

    began = System.nanoTime();
    crowd.say((machine, revision) -> List.of(word(machine, build, revision)));
    assertThat(page.locator(".cells i.f")).hasCount(FAILED, patiently());
    tell("all reported, and their cells turned", began);
    assertThat(page.locator("#counts [data-count=failed]"))
        .hasText(String.valueOf(FAILED), new HasTextOptions().setTimeout(PATIENCE_MILLIS));
    assertThat(page.locator("td.reason.failed").first())
        .hasText("<img src=/nowhere onerror=alert(1)>⟨U+202E⟩eno⟨U+001B⟩[31m");
    assertThat(page.locator("td.reason *")).hasCount(0);
    // they were turned, not drawn again
    page.waitForFunction("() => document.contains(window.cell)");

    began = System.nanoTime();
    page.locator("#cells-west").focus();
    page.keyboard().press("ArrowDown");
    assertThat(page.locator("#cell-says")).containsText("west-crowd-");
    tell("a key", began);
  }

  private void list(Page page) {
    var began = System.nanoTime();
    page.navigate(console("/machines?app=crowd").toString());
    assertThat(page.locator("tr[data-app=crowd]")).hasCount(100, patiently());
    tell("list", began);
    began = System.nanoTime();
    page.locator("select[name=state]").selectOption("FAILED");
    assertThat(page.locator("tr[data-state=FAILED]")).hasCount(FAILED, patiently());
    tell("list filtered", began);
  }

  /** Every second runs the build, one in a hundred failed, the rest are on their way. */
  private static AppReport word(int machine, long build, long revision) {
    if (machine % 2 == 0) {
      return new AppReport(CROWD, build, build, AppState.RUNNING, revision, 0, 0, null, null);
    }
    return machine % 100 == 1
        ? new AppReport(CROWD, build, null, AppState.FAILED, revision, 0, 0, HOSTILE, null)
        : new AppReport(CROWD, build, null, AppState.DOWNLOADING, revision, 40, 100, null, null);
  }

  private URI console(String path) {
    return installation.standalone().console().resolve(path);
  }

  private static HasCountOptions patiently() {
    return new HasCountOptions().setTimeout(PATIENCE_MILLIS);
  }

  /** A figure to read; nothing is asserted about it. */
  @SuppressWarnings("SystemOut")
  private static void tell(String what, long began) {
    System.out.printf(
        "console with 10,000 machines: %s in %,d ms%n",
        what, (System.nanoTime() - began) / 1_000_000);
  }
}
