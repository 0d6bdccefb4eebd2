package dev.slipway.standalone;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.LocatorAssertions.HasAttributeOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.HasCountOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The console in a real browser, from signing in to the last machine. */
@NullMarked
@ExtendWith(TestInstallation.Shared.class)
class ConsoleIT {
  private static final double PATIENCE_MILLIS = 60_000;
  private static final List<Path> BROWSERS =
      List.of(
          Path.of("/usr/bin/chromium"),
          Path.of("/usr/bin/chromium-browser"),
          Path.of("/usr/bin/google-chrome"));
  private static final List<String> FLAGS =
      List.of(
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync");

  private final TestInstallation installation;
  private final List<String> errors = new ArrayList<>();

  ConsoleIT(TestInstallation installation) {
    this.installation = installation;
  }

  @Test
  void somebody_signs_in_follows_a_build_and_deploys_it_without_a_reload() throws Exception {
    var browser = BROWSERS.stream().filter(Files::isExecutable).findFirst();
    sayIfMissing(browser);
    Assumptions.assumeTrue(browser.isPresent(), "no Chromium");
    var nothingToFetch =
        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"));
    try (var playwright = Playwright.create(nothingToFetch);
        var chromium =
            playwright
                .chromium()
                .launch(
                    new LaunchOptions().setExecutablePath(browser.orElseThrow()).setArgs(FLAGS))) {
      var page = chromium.newPage();
      page.setDefaultTimeout(PATIENCE_MILLIS);
      page.onPageError(errors::add);
      page.onConsoleMessage(message -> {
        // violations of the content security policy come as errors, too
        if ("error".equals(message.type())) {
          errors.add(message.text());
        }
      });
      try {
        signIn(page);
        walk(page);
      } catch (Exception | AssertionError e) {
        page.screenshot(
            new Page.ScreenshotOptions().setFullPage(true).setPath(Path.of("target/console.png")));
        throw e;
      }
      assertThat(errors).as("errors in the browser's console").isEmpty();
    }
  }

  @SuppressWarnings("SystemOut")
  private static void sayIfMissing(Optional<Path> browser) {
    if (browser.isEmpty()) {
      System.err.println("CONSOLE BROWSER TEST SKIPPED: none of " + BROWSERS + " is here");
    }
  }

  private void signIn(Page page) throws Exception {
    page.navigate(installation.standalone().console().toString());
    page.locator("#token").fill("not the token");
    page.locator("#sign-in").click();
    assertThat(page.locator("#login-error")).isVisible();
    page.locator("#token").fill(installation.standalone().adminToken());
    page.locator("#sign-in").click();
    assertThat(page.locator("#live")).isVisible();
  }

  private void walk(Page page) throws Exception {
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
    var commit = app.repository.push("Say hello");
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
    mark(page);
    page.locator("#deploy-" + build).click();
    assertThat(page.locator("#confirm[open]")).containsText("Deploy build #" + build);
    page.locator("#confirm-yes").click();
    assertThat(page.locator(".machine[data-state=RUNNING][data-build='" + build + "']"))
        .hasCount(installation.standalone().size().machines(), patiently());
    assertState(page.locator("tr[data-build='" + build + "'] a[data-deployment]"), "SUCCEEDED");
    assertNotReloaded(page);
    app.journey().awaitMachines(build, commit);
  }

  private static void assertState(Locator locator, String state) {
    assertThat(locator)
        .hasAttribute("data-state", state, new HasAttributeOptions().setTimeout(PATIENCE_MILLIS));
  }

  private static HasCountOptions patiently() {
    return new HasCountOptions().setTimeout(PATIENCE_MILLIS);
  }

  /** Leaves something in the page that a reload would take away. */
  private static void mark(Page page) {
    page.evaluate("() => { window.marked = true; }");
  }

  private static void assertNotReloaded(Page page) {
    assertThat(page.evaluate("() => window.marked === true")).isEqualTo(true);
  }
}
