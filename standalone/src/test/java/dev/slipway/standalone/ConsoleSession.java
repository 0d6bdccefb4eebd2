package dev.slipway.standalone;

import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.NullMarked;

/** A browser's cookies: those of somebody who has signed in, or has tried to. */
@NullMarked
final class ConsoleSession {
  private final CookieManager cookies = new CookieManager();
  private final HttpClient http = HttpClient.newBuilder().cookieHandler(cookies).build();
  private final URI console;

  ConsoleSession(URI console, String token) throws IOException, InterruptedException {
    this.console = console;
    if (!token.isEmpty()) {
      var form = "token=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
      http.send(
          HttpRequest.newBuilder(console.resolve("/login"))
              .header("Content-Type", "application/x-www-form-urlencoded")
              .header("X-XSRF-TOKEN", csrf())
              .POST(BodyPublishers.ofString(form))
              .build(),
          BodyHandlers.discarding());
    }
  }

  HttpClient http() {
    return http;
  }

  /** What the pages put into their forms: the cookie's token, masked, here with zeros. */
  String csrf() throws IOException, InterruptedException {
    if (cookie().isEmpty()) {
      http.send(
          HttpRequest.newBuilder(console.resolve("/login")).build(), BodyHandlers.discarding());
    }
    var token = cookie().orElseThrow().getValue().getBytes(StandardCharsets.UTF_8);
    var masked = new byte[2 * token.length];
    System.arraycopy(token, 0, masked, token.length, token.length);
    return Base64.getUrlEncoder().encodeToString(masked);
  }

  private Optional<HttpCookie> cookie() {
    return cookies.getCookieStore().getCookies().stream()
        .filter(cookie -> cookie.getName().equals("SLIPWAY_CSRF"))
        .findFirst();
  }
}
