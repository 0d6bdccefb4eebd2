package dev.slipway.deploy.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;

/** Asks as a browser does: with cookies, and with the CSRF token that the last page carried. */
@NullMarked
final class Browser {
  private static final Pattern TOKEN =
      Pattern.compile("X-XSRF-TOKEN&quot;:&quot;([^&]+)&quot;|name=\"_csrf\" value=\"([^\"]+)\"");

  final HttpClient http =
      HttpClient.newBuilder()
          .cookieHandler(new CookieManager())
          .followRedirects(HttpClient.Redirect.NORMAL)
          .build();
  private final String base;
  String csrf = "";

  Browser(int port) {
    base = "http://localhost:" + port;
  }

  HttpResponse<String> get(String path, String... headers) {
    var request = request(path).header("Accept", "text/html");
    if (headers.length > 0) {
      request.headers(headers);
    }
    var response = send(request.build());
    var found = TOKEN.matcher(response.body());
    if (found.find()) {
      csrf = found.group(1) != null ? found.group(1) : found.group(2);
    }
    return response;
  }

  HttpResponse<String> post(String path, String form, String... headers) {
    var request =
        request(path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.build());
  }

  /** Presses a button, as htmx does. */
  HttpResponse<String> press(String path) {
    return post(path, "", "HX-Request", "true", "X-XSRF-TOKEN", csrf);
  }

  /** Sends a form, as htmx does. */
  HttpResponse<String> send(String path, String form) {
    return post(path, form, "HX-Request", "true", "X-XSRF-TOKEN", csrf);
  }

  HttpResponse<String> signIn(String token) {
    get("/login");
    return post("/login", "_csrf=" + encode(csrf) + "&token=" + encode(token));
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(20));
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
