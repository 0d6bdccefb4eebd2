package dev.slipway.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Assumptions;

/**
 * A real Chromium for tests of the console. Notes what goes wrong in it, takes pictures, and has
 * axe look for what some people could not use.
 */
@NullMarked
final class ConsoleBrowser implements AutoCloseable {
  static final double PATIENCE_MILLIS = 60_000;
  private static final Path PICTURES = Path.of("target/screenshots");
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

  /** As npm has it; no artifact of Maven's does. */
  private static final String AXE = "/axe-4.10.3.min.js";

  /** Serious ones alone; what they are about, and where. Cells have nothing in them. */
  private static final String VIOLATIONS =
      """
      async () => (await axe.run({exclude: [['.cells > i']]}, {resultTypes: ['violations']})).violations
        .filter(v => v.impact === 'serious' || v.impact === 'critical')
        .map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' | '))
      """;

  private final Playwright playwright;
  private final Browser chromium;
  private final Page page;
  private final List<String> errors = new ArrayList<>();
  private final String axe;

  private ConsoleBrowser(Path executable) {
    axe = axe();
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    chromium =
        playwright
            .chromium()
            .launch(new LaunchOptions().setExecutablePath(executable).setArgs(FLAGS));
    page = chromium.newPage();
    page.setDefaultTimeout(PATIENCE_MILLIS);
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
    page.setViewportSize(1280, 800);
    page.onPageError(errors::add);
    page.onConsoleMessage(message -> {
      // violations of the content security policy come as errors, too
      if ("error".equals(message.type())) {
        errors.add(message.text() + " " + message.location());
      }
    });
  }

  /** Starts one, or skips the test, loudly, where there is none. */
  @SuppressWarnings("SystemOut")
  static ConsoleBrowser start() {
    var executable = BROWSERS.stream().filter(Files::isExecutable).findFirst();
    if (executable.isEmpty()) {
      System.err.println("CONSOLE BROWSER TEST SKIPPED: none of " + BROWSERS + " is here");
    }
    Assumptions.assumeTrue(executable.isPresent(), "no Chromium");
    return new ConsoleBrowser(executable.orElseThrow());
  }

  private static String axe() {
    try (var script = ConsoleBrowser.class.getResourceAsStream(AXE)) {
      return new String(Objects.requireNonNull(script, AXE).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Page page() {
    return page;
  }

  /** Signs in on the page that asks for it. */
  void signIn(String token) {
    page.locator("#token").fill(token);
    page.locator("#sign-in").click();
    page.locator("#live").waitFor();
  }

  /**
   * Looks at the page as it is: pictures of it on a screen and on a phone, light and dark, no
   * serious violation in either, nothing that is wider than a phone, and no error so far.
   */
  void look(String name) {
    picture(name, 1280, ColorScheme.LIGHT);
    assertUsable(name);
    picture(name, 390, ColorScheme.LIGHT);
    assertThat(page.evaluate("() => document.documentElement.scrollWidth"))
        .as(name + " is no wider than a phone")
        .isEqualTo(390);
    picture(name, 390, ColorScheme.DARK);
    assertUsable(name);
    picture(name, 1280, ColorScheme.DARK);
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
    assertNoErrors();
  }

  void assertNoErrors() {
    assertThat(errors).as("errors in the browser's console").isEmpty();
  }

  /** A refusal that a test asks for is an error to the browser. */
  void forgetErrors() {
    errors.clear();
  }

  /** What the page looks like now. */
  void picture(String name) {
    page.screenshot(
        new Page.ScreenshotOptions().setFullPage(true).setPath(PICTURES.resolve(name + ".png")));
  }

  private void picture(String name, int width, ColorScheme colours) {
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(colours));
    page.setViewportSize(width, 800);
    picture(name + "-" + width + (colours == ColorScheme.DARK ? "-dark" : ""));
  }

  private void assertUsable(String name) {
    page.evaluate(axe);
    assertThat((List<?>) page.evaluate(VIOLATIONS)).as("axe on " + name).isEmpty();
  }

  @Override
  public void close() {
    chromium.close();
    playwright.close();
  }
}
