package dev.slipway.deploy.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.slipway.common.database.TestDatabase;
import dev.slipway.deploy.DeployServiceApplication;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** The ways into the console, each with a real other side, and what pages carry. */
@NullMarked
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class SignInTest {
  private static final String PASSWORD = "correct horse battery staple";
  private static final Pattern INLINE =
      Pattern.compile("<script(?![^>]*\\ssrc=)|<style|\\sstyle=\"|\\son[a-z]+=\"|javascript:");

  private final HttpClient http = HttpClient.newHttpClient();
  private Showcase showcase;
  private TestIssuer issuer;
  private ConfigurableApplicationContext service;
  private int port;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    var database = TestDatabase.create();
    showcase = new Showcase(database.jdbc());
    issuer = new TestIssuer();
    var secret = Files.writeString(folder.resolve("client-secret"), TestIssuer.SECRET + "\n");
    service =
        DeployServiceApplication.builder()
            .run(
                "--spring.datasource.url=" + database.url(),
                "--spring.datasource.username=postgres",
                "--slipway.deploy.pass-interval=1h",
                "--slipway.deploy.oidc.issuer=" + issuer.address(),
                "--slipway.deploy.oidc.client-id=" + TestIssuer.CLIENT,
                "--slipway.deploy.oidc.client-secret-file=" + secret,
                "--slipway.deploy.oidc.grants[0].group=platform",
                "--slipway.deploy.oidc.grants[0].role=ADMIN",
                "--slipway.deploy.oidc.grants[1].group=team-hello",
                "--slipway.deploy.oidc.grants[1].role=DEPLOYER",
                "--slipway.deploy.oidc.grants[1].apps=hello",
                "--server.port=0");
    port = service.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    // made once: each takes its time
    put("ann", "{\"role\":\"DEPLOYER\",\"apps\":[\"hello\"],\"password\":\"" + PASSWORD + "\"}");
  }

  @BeforeEach
  void theIssuerTellsTheTruth() {
    issuer.claims = ann("platform");
    issuer.forges = false;
    issuer.unsigned = false;
  }

  @AfterAll
  void stop() {
    service.close();
    issuer.close();
    http.close();
  }

  private HttpResponse<String> api(String method, String path, String body)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
            .timeout(Duration.ofSeconds(60))
            .header("Authorization", "Bearer " + Showcase.ADMIN)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> put(String name, String wish) throws Exception {
    return api("PUT", "/api/v1/people/" + name, wish);
  }

  private HttpResponse<String> byPassword(Browser browser, String name, String password) {
    browser.get("/login");
    return browser.post(
        "/login",
        "_csrf=%s&username=%s&token=%s"
            .formatted(encode(browser.csrf), encode(name), encode(password)));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static boolean isIn(Browser browser) {
    return !browser.get("/").uri().getPath().equals("/login");
  }

  private List<@Nullable String> actorsOf(String action, String subject) {
    return showcase
        .jdbc
        .sql("select actor from audit where action = ? and subject = ?")
        .params(action, subject)
        .query(String.class)
        .list();
  }

  @Test
  void a_person_signs_in_with_a_password_and_acts_by_name_on_their_apps_alone() {
    var browser = new Browser(port);
    var home = byPassword(browser, "ann", PASSWORD);
    assertThat(home.uri().getPath()).isEqualTo("/");
    assertThat(home.body()).contains(">ann<", ">deployer<");
    browser.get("/");
    assertThat(browser.press("/apps/hello/auto-deploy?enabled=false").statusCode()).isEqualTo(200);
    assertThat(browser.press("/apps/checkout/auto-deploy?enabled=false").statusCode())
        .isEqualTo(403);
    assertThat(actorsOf("auto-deploy", "app hello")).contains("ann");
    for (var theirs : List.of("/apps/search", "/builds/" + showcase.search)) {
      assertThat(browser.get(theirs).body()).as(theirs).contains("id=\"why-not\"");
    }
    for (var hers :
        List.of("/apps/hello", "/builds/" + showcase.ready, "/deployments/" + showcase.rolling)) {
      assertThat(browser.get(hers).body()).as(hers).doesNotContain("id=\"why-not\"");
    }
    assertThat(actorsOf("auto-deploy", "app checkout")).isEmpty();
  }

  @Test
  void a_wrong_password_and_a_name_that_nobody_has_are_answered_alike() {
    var wrong = byPassword(new Browser(port), "ann", "not her password");
    var nobody = byPassword(new Browser(port), "nobody", "not her password");
    assertThat(wrong.body()).contains("The name or the password is wrong.");
    assertThat(withoutTokens(nobody)).isEqualTo(withoutTokens(wrong));
    assertThat(nobody.uri()).isEqualTo(wrong.uri());
  }

  private static String withoutTokens(HttpResponse<String> page) {
    return page.body().replaceAll("value=\"[^\"]*\"|X-XSRF-TOKEN[^}]*", "");
  }

  @Test
  void who_tries_too_often_waits_whether_the_name_is_known_or_not() throws Exception {
    put("carl", "{\"role\":\"VIEWER\",\"password\":\"" + PASSWORD + "\"}");
    for (var name : List.of("carl", "stranger")) {
      var browser = new Browser(port);
      for (var i = 0; i < 10; i++) {
        assertThat(byPassword(browser, name, "guess " + i).body()).contains("password is wrong");
      }
      assertThat(byPassword(browser, name, PASSWORD).body()).contains("Too many attempts");
      assertThat(isIn(browser)).isFalse();
    }
  }

  @Test
  void sessions_end_with_the_password_the_role_and_the_person() throws Exception {
    put("dan", "{\"role\":\"VIEWER\",\"password\":\"" + PASSWORD + "\"}");
    for (var change :
        List.of(
            "{\"role\":\"VIEWER\",\"password\":\"another good password\"}",
            "{\"role\":\"ADMIN\"}")) {
      var password = change.contains("ADMIN") ? "another good password" : PASSWORD;
      var browser = new Browser(port);
      byPassword(browser, "dan", password);
      assertThat(isIn(browser)).isTrue();
      assertThat(put("dan", change).statusCode()).isEqualTo(204);
      assertThat(isIn(browser)).as(change).isFalse();
    }
    var browser = new Browser(port);
    byPassword(browser, "dan", "another good password");
    assertThat(isIn(browser)).isTrue();
    assertThat(api("DELETE", "/api/v1/people/dan", "").statusCode()).isEqualTo(204);
    assertThat(isIn(browser)).isFalse();
    assertThat(api("DELETE", "/api/v1/people/dan", "").statusCode()).isEqualTo(404);
  }

  @Test
  void passwords_are_bounded_hashed_and_never_shown() throws Exception {
    for (var bad : List.of("elevenchars", "x".repeat(201))) {
      assertThat(put("eve", "{\"role\":\"VIEWER\",\"password\":\"" + bad + "\"}").body())
          .contains("password must be 12 to 200 characters");
    }
    assertThat(put("eve", "{\"role\":\"VIEWER\"}").body())
        .contains("must be given for somebody new");
    assertThat(put("eve", "{\"role\":\"WORKER\"}").body()).contains("role must be");
    assertThat(put("E%20ve", "{\"role\":\"VIEWER\"}").body()).contains("name must be");
    var hash =
        showcase
            .jdbc
            .sql("select password from person where name = 'ann'")
            .query(String.class)
            .single();
    assertThat(hash).startsWith("$argon2id$v=19$m=16384,t=2,p=1$");
    assertThat(api("GET", "/api/v1/people?limit=1", "").body())
        .contains("\"ann\"", "\"next\":\"ann\"")
        .doesNotContain("argon2", PASSWORD);
    assertThat(
            showcase
                .jdbc
                .sql("select string_agg(detail, ' ') from audit")
                .query(String.class)
                .single())
        .doesNotContain(PASSWORD, "argon2");
  }

  private static UnaryOperator<JWTClaimsSet.Builder> ann(String... groups) {
    return claims ->
        claims.claim("preferred_username", "ann@issuer").claim("groups", List.of(groups));
  }

  private static UnaryOperator<JWTClaimsSet.Builder> but(UnaryOperator<JWTClaimsSet.Builder> lie) {
    return claims -> lie.apply(ann("platform").apply(claims));
  }

  @Test
  void the_issuer_vouches_for_somebody_who_goes_on_where_they_wanted_to() {
    var browser = new Browser(port);
    assertThat(browser.get("/apps/hello").body()).contains("id=\"sso\"");
    var arrived = browser.get("/login/sso");
    assertThat(arrived.body()).contains("content=\"0;url=/apps/hello");
    assertThat(browser.get("/").body()).contains(">ann@issuer<", ">admin<");
    browser.press("/apps/search/auto-deploy?enabled=false");
    assertThat(actorsOf("auto-deploy", "app search")).contains("ann@issuer");
  }

  @Test
  void groups_give_the_role_and_who_is_in_none_is_told_so() {
    issuer.claims = ann("team-hello");
    var browser = new Browser(port);
    browser.get("/login/sso");
    browser.get("/");
    assertThat(browser.press("/apps/hello/auto-deploy?enabled=false").statusCode()).isEqualTo(200);
    assertThat(browser.press("/apps/search/auto-deploy?enabled=false").statusCode()).isEqualTo(403);
    issuer.claims = ann("strangers");
    var stranger = new Browser(port);
    assertThat(stranger.get("/login/sso").body()).contains("nobody has given you a role here");
    assertThat(isIn(stranger)).isFalse();
  }

  @Test
  void what_the_issuer_did_not_say_to_us_now_is_refused() {
    var lies = new LinkedHashMap<String, UnaryOperator<JWTClaimsSet.Builder>>();
    lies.put("another issuer", but(claims -> claims.issuer("https://elsewhere.example")));
    lies.put("another audience", but(claims -> claims.audience("another-client")));
    lies.put(
        "expired",
        but(claims -> claims.expirationTime(Date.from(Instant.now().minusSeconds(300)))));
    lies.put("another nonce", but(claims -> claims.claim("nonce", "bm9uY2U")));
    lies.put("no nonce", but(claims -> claims.claim("nonce", null)));
    lies.put("no subject", but(claims -> claims.subject(null)));
    lies.forEach((name, lie) -> {
      issuer.claims = lie;
      assertIsRefused(name);
    });
    issuer.claims = ann("platform");
    issuer.forges = true;
    assertIsRefused("signed by somebody else");
    issuer.forges = false;
    issuer.unsigned = true;
    assertIsRefused("not signed");
  }

  private void assertIsRefused(String name) {
    var browser = new Browser(port);
    assertThat(browser.get("/login/sso").body()).as(name).contains("did not come to its end");
    assertThat(isIn(browser)).as(name).isFalse();
  }

  @Test
  void an_answer_that_this_browser_did_not_ask_for_is_refused() {
    var browser = new Browser(port);
    assertThat(browser.get("/login/oauth2/code/sso?code=abc&state=def").body())
        .contains("did not come to its end");
    assertThat(isIn(browser)).isFalse();
  }

  @Test
  void the_issuer_may_change_its_key() {
    var before = new Browser(port);
    before.get("/login/sso");
    assertThat(isIn(before)).isTrue();
    issuer.rotate();
    var after = new Browser(port);
    after.get("/login/sso");
    assertThat(isIn(after)).isTrue();
    assertThat(isIn(before)).isTrue();
  }

  @Test
  void every_page_is_guarded_against_scripts_frames_and_guesses() {
    var browser = new Browser(port);
    browser.signIn(Showcase.ADMIN);
    for (var path :
        List.of(
            "/",
            "/login",
            "/apps/hello",
            "/builds/" + showcase.running,
            "/builds/" + showcase.ready,
            "/deployments/" + showcase.rolling,
            "/nowhere",
            "/builds/" + showcase.running + "/log.txt")) {
      var page = browser.get(path);
      var headers = page.headers();
      assertThat(headers.firstValue("Content-Security-Policy").orElse(""))
          .as(path)
          .contains("default-src 'self'", "frame-ancestors 'none'", "form-action 'self'")
          .doesNotContain("unsafe");
      assertThat(headers.firstValue("X-Frame-Options")).as(path).contains("DENY");
      assertThat(headers.firstValue("X-Content-Type-Options")).as(path).contains("nosniff");
      assertThat(headers.firstValue("Referrer-Policy")).as(path).contains("same-origin");
      assertThat(headers.firstValue("Cache-Control").orElse("")).as(path).contains("no-store");
      if (headers.firstValue("Content-Type").orElse("").startsWith("text/html")) {
        assertThat(INLINE.matcher(page.body()).results().map(r -> r.group())).as(path).isEmpty();
      }
    }
  }

  @Test
  void cookies_are_secure_where_the_browser_came_by_tls() throws Exception {
    var https = new String[] {"X-Forwarded-Proto", "https"};
    var browser = new Browser(port);
    assertThat(cookies(browser.get("/login", https))).isNotEmpty().allMatch(SignInTest::isSecure);
    var byPlain = new Browser(port);
    byPlain.get("/login");
    var form = "_csrf=" + encode(byPlain.csrf) + "&token=" + encode(Showcase.ADMIN);
    assertThat(cookies(stays(byPlain, form, https)))
        .filteredOn(cookie -> cookie.startsWith("SLIPWAY_CONSOLE="))
        .isNotEmpty()
        .allMatch(SignInTest::isSecure)
        .allMatch(cookie -> cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"));
  }

  /** Signs in without going where the answer sends one: by TLS, which nobody speaks here. */
  private static HttpResponse<String> stays(Browser browser, String form, String... headers)
      throws IOException, InterruptedException {
    try (var client =
        HttpClient.newBuilder().cookieHandler(browser.http.cookieHandler().orElseThrow()).build()) {
      return client.send(
          browser
              .request("/login")
              .header("Content-Type", "application/x-www-form-urlencoded")
              .headers(headers)
              .POST(BodyPublishers.ofString(form))
              .build(),
          BodyHandlers.ofString());
    }
  }

  private static List<String> cookies(HttpResponse<?> answer) {
    return answer.headers().allValues("Set-Cookie");
  }

  private static boolean isSecure(String cookie) {
    return cookie.contains("Secure");
  }
}
