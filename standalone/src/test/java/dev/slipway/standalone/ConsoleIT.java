package dev.slipway.standalone;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.slipway.standalone.ConsoleBrowser.PATIENCE_MILLIS;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.HasAttributeOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.HasCountOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.IsVisibleOptions;
import java.nio.file.Files;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The console in a real browser, from signing in to the last machine and back. */
@NullMarked
@ExtendWith(TestInstallation.Shared.class)
class ConsoleIT {
  private final TestInstallation installation;

  ConsoleIT(TestInstallation installation) {
    this.installation = installation;
  }

  @Test
  void somebody_signs_in_follows_a_build_deploys_it_and_rolls_back_without_a_reload()
      throws Exception {
    try (var browser = ConsoleBrowser.start()) {
      try {
        signIn(browser);
        walk(browser);
        visitTheOtherPages(browser);
      } catch (Exception | AssertionError e) {
        browser.picture("failure");
        throw e;
      }
    }
  }

  private void signIn(ConsoleBrowser browser) throws Exception {
    var page = browser.page();
    page.navigate(installation.standalone().console().toString());
    page.locator("#token").fill("not the token");
    page.locator("#sign-in").click();
    assertThat(page.locator("#login-error")).isVisible();
    browser.look("sign-in");
    browser.signIn(installation.standalone().adminToken());
  }

  private void walk(ConsoleBrowser browser) throws Exception {
    var page = browser.page();
    mark(page);
    var app = installation.app("console");
    page.locator("#app-console").click();
    mark(page);
    var gate = installation.folder("gates").resolve("console");
    app.repository.replace(
        "slipway.yml",
        "    mkdir -p out\n",
        """
            mkdir -p out
            echo 'step one <img src=/nowhere onerror=alert(1)>'
            while [ ! -e %s ]; do sleep 0.1; done
            echo 'step two'
        """
            .formatted(gate));
    var first = app.repository.push("Say hello");
    var running = page.locator("tr[data-build][data-state=RUNNING]");
    assertThat(running).hasCount(1, patiently());
    assertNotReloaded(page);
    var build = Long.parseLong(running.getAttribute("data-build"));

    page.locator("#build-" + build).click();
    mark(page);
    var log = page.locator("#log");
    assertThat(log).containsText("step one <img src=/nowhere onerror=alert(1)>");
    assertThat(page.locator("#log img")).hasCount(0);
    assertState(page.locator("#build"), "RUNNING");
    Files.createFile(gate);
    assertThat(log).containsText("step two");
    assertState(page.locator("#build"), "READY");
    assertNotReloaded(page);

    page.locator("nav.crumbs a[href='/apps/console']").click();
    deploy(browser, build);
    app.journey().awaitMachines(build, first);

    app.repository.replace("slipway.yml", "step two", "step three");
    var second = app.repository.push("Say hello again");
    var next = app.replicated(second);
    deploy(browser, next);
    app.journey().awaitMachines(next, second);
    rollBack(browser, build);
    app.journey().awaitMachines(build, first);
  }

  /** From an app's page: looks at what it would do, does it, and sees every machine's cell turn. */
  private void deploy(ConsoleBrowser browser, long build) {
    var page = browser.page();
    mark(page);
    page.locator("#deploy-" + build).click();
    var question = page.locator("#confirm[open]");
    assertThat(question).containsText("Deploy build #" + build);
    assertThat(question.locator("[data-deployable=true] [data-region=east]")).isVisible();
    browser.picture("preview-of-build-" + build);
    page.locator("#confirm-yes").click();
    page.locator("#notice a[href^='/deployments/']").click();
    assertThat(page.locator(".cells i")).hasCount(machines(), patiently());
    assertThat(page.locator(".cells i.h")).hasCount(machines(), patiently());
    assertState(page.locator("#deployment"), "SUCCEEDED");
    page.locator("#cells-east").focus();
    page.keyboard().press("End");
    assertThat(page.locator("#cell-says")).hasText("east-2: runs it");
    browser.look("deployment");
    page.locator("nav.crumbs a[href='/apps/console']").click();
    assertThat(page.locator(".machine[data-state=RUNNING][data-build='" + build + "']"))
        .hasCount(machines(), patiently());
    assertState(page.locator("tr[data-build='" + build + "'] a[data-deployment]"), "SUCCEEDED");
  }

  private void rollBack(ConsoleBrowser browser, long build) {
    var page = browser.page();
    mark(page);
    page.locator("#rollback").click();
    assertThat(page.locator("#confirm[open]")).containsText("back to build #" + build);
    assertThat(page.locator("#confirm-preview [data-region=west]")).isVisible();
    page.locator("#confirm-yes").click();
    assertThat(page.locator("#pinned")).isVisible();
    assertThat(page.locator(".machine[data-state=RUNNING][data-build='" + build + "']"))
        .hasCount(machines(), patiently());
    assertNotReloaded(page);
    browser.look("app");
  }

  private void visitTheOtherPages(ConsoleBrowser browser) throws Exception {
    var page = browser.page();
    var console = installation.standalone().console();
    page.locator(".brand").click();
    assertThat(page.locator("#row-console")).isVisible();
    browser.look("home");
    page.locator(".places a[href='/machines']").click();
    assertThat(page.locator("tr[data-app=console]")).hasCount(machines());
    page.locator("input[name=name]").fill("east-");
    // what was typed before the page's script was there counts at its next look, ten seconds later
    assertThat(page.locator("tr[data-app=console]")).hasCount(machines() / 2, patiently());
    browser.look("machines");
    page.keyboard().press("Escape");
    page.locator("h1").click();
    page.keyboard().press("/");
    page.keyboard().type("conso");
    page.keyboard().press("Enter");
    assertThat(page.locator("a[data-app=console]")).isVisible();
    browser.look("search");
    page.locator(".places a[href='/settings']").click();
    page.locator("#to-tokens").click();
    page.locator("#make input[name=name]").fill("console-it");
    page.locator("#make-now").click();
    assertThat(page.locator("#secret")).not().isEmpty();
    assertThat(page.locator("tr[data-token='console-it'][data-state=VALID]")).isVisible();
    browser.look("tokens");
    page.navigate(console.resolve("/settings/people").toString());
    page.locator("#put input[name=name]").fill("console-it");
    page.locator("#put input[name=password]").fill("correct horse battery staple");
    page.locator("#put-now").click();
    assertThat(page.locator("tr[data-person='console-it']")).isVisible(patientlyVisible());
    browser.look("people");
    page.navigate(console.resolve("/apps/nobody").toString());
    assertThat(page.locator("h1")).hasText("There is nothing here");
    browser.forgetErrors();
    browser.look("nothing-here");
  }

  private int machines() {
    return installation.standalone().size().machines();
  }

  private static void assertState(Locator locator, String state) {
    assertThat(locator)
        .hasAttribute("data-state", state, new HasAttributeOptions().setTimeout(PATIENCE_MILLIS));
  }

  private static HasCountOptions patiently() {
    return new HasCountOptions().setTimeout(PATIENCE_MILLIS);
  }

  private static IsVisibleOptions patientlyVisible() {
    return new IsVisibleOptions().setTimeout(PATIENCE_MILLIS);
  }

  /** Leaves something in the page that a reload would take away. */
  private static void mark(Page page) {
    page.evaluate("() => { window.marked = true; }");
  }

  private static void assertNotReloaded(Page page) {
    assertThat(page.evaluate("() => window.marked === true")).isEqualTo(true);
  }
}
