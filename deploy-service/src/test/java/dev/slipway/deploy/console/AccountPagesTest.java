package dev.slipway.deploy.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.database.TestDatabase;
import dev.slipway.deploy.DeployServiceApplication;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.ConfigurableApplicationContext;

/** The pages by which administrators give out tokens and let people in. */
@NullMarked
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class AccountPagesTest {
  private static final Pattern SECRET = Pattern.compile("id=\"secret\">([^<]+)<");
  private static final String TOKEN = "name=%s&role=%s&scope=%s&apps=%s&validDays=";
  private static final String PERSON = "name=%s&role=%s&apps=%s&password=%s";
  private static final String PASSWORD = "correct-horse-battery";

  private Showcase showcase;
  private ConfigurableApplicationContext service;
  private int port;

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

  /** Tries the form. */
  private Browser byPassword(String name, String password) {
    var browser = new Browser(port);
    browser.get("/login");
    browser.post("/login", "_csrf=%s&username=%s&token=%s".formatted(browser.csrf, name, password));
    browser.get("/");
    return browser;
  }

  private static String secret(String page) {
    var found = SECRET.matcher(page);
    assertThat(found.find()).as(page).isTrue();
    return found.group(1);
  }

  private boolean opens(String token) {
    var browser = new Browser(port);
    browser.signIn(token);
    return !browser.get("/").uri().getPath().equals("/login");
  }

  private long idOf(String name) {
    return showcase
        .jdbc
        .sql("select id from api_token where name = ?")
        .param(name)
        .query(Long.class)
        .single();
  }

  private List<@Nullable String> audited(String subject) {
    return showcase
        .jdbc
        .sql("select action from audit where subject = ? order by id")
        .param(subject)
        .query(String.class)
        .list();
  }

  @Test
  void a_token_is_shown_once_rotated_and_taken_back() {
    var admin = signedIn(Showcase.ADMIN);
    var first =
        secret(admin.send("/settings/tokens", TOKEN.formatted("tia", "VIEWER", "", "")).body());
    assertThat(opens(first)).isTrue();
    assertThat(admin.get("/settings/tokens").body())
        .contains("data-token=\"tia\"")
        .doesNotContain(first);
    var second = secret(admin.press("/settings/tokens/" + idOf("tia") + "/rotate").body());
    assertThat(second).isNotEqualTo(first);
    assertThat(opens(first)).as("for an hour").isTrue();
    assertThat(opens(second)).isTrue();
    assertThat(admin.press("/settings/tokens/" + idOf("tia") + "/revoke").statusCode())
        .isEqualTo(200);
    assertThat(opens(first)).isFalse();
    assertThat(opens(second)).isFalse();
    assertThat(audited("token tia")).containsExactly("token-make", "token-rotate", "token-revoke");
  }

  @Test
  void a_wish_that_cannot_be_is_refused_with_the_field() {
    var admin = signedIn(Showcase.ADMIN);
    var bad = admin.send("/settings/tokens", TOKEN.formatted("tom", "REGION", "", ""));
    assertThat(bad.statusCode()).isEqualTo(400);
    assertThat(bad.body()).contains("must name the region");
    assertThat(admin.send("/settings/tokens", TOKEN.formatted("tom", "VIEWER", "", "hello")).body())
        .contains("must be 1 to 100 apps of a DEPLOYER token");
    assertThat(
            admin.send("/settings/people", PERSON.formatted("pat", "VIEWER", "", "short")).body())
        .contains("must be 12 to 200 characters");
    assertThat(admin.send("/settings/people", PERSON.formatted("pat", "VIEWER", "", "")).body())
        .contains("must be given for somebody new");
  }

  @Test
  void somebody_is_let_in_for_one_app_and_taken_out_again() {
    var admin = signedIn(Showcase.ADMIN);
    assertThat(
            admin
                .send("/settings/people", PERSON.formatted("pia", "DEPLOYER", "hello", PASSWORD))
                .body())
        .contains("pia can sign in now");
    var pia = byPassword("pia", PASSWORD);
    assertThat(pia.get("/").body()).contains(">pia<");
    assertThat(admin.get("/settings/people").body())
        .contains("data-person=\"pia\"", ">hello<")
        .doesNotContain(PASSWORD);
    admin.send("/settings/people", PERSON.formatted("pia", "VIEWER", "", ""));
    assertThat(pia.get("/").uri().getPath()).as("signed out by the change").isEqualTo("/login");
    admin.press("/settings/people/pia/remove");
    assertThat(admin.get("/settings/people").body()).doesNotContain("data-person=\"pia\"");
    assertThat(audited("person pia")).containsExactly("person-put", "person-put", "person-remove");
  }

  @Test
  void somebody_changes_their_own_password_and_signs_in_with_it() {
    var admin = signedIn(Showcase.ADMIN);
    admin.send("/settings/people", PERSON.formatted("pam", "VIEWER", "", PASSWORD));
    var pam = byPassword("pam", PASSWORD);
    assertThat(pam.get("/account").body()).contains("id=\"own-password\"", "<b>viewer</b>");
    var wrong = pam.send("/account/password", "current=guess&next=" + PASSWORD + "2");
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(wrong.body()).contains("is not your password");
    assertThat(pam.send("/account/password", "current=" + PASSWORD + "&next=short").body())
        .contains("must be 12 to 200 characters");
    var done = pam.send("/account/password", "current=" + PASSWORD + "&next=" + PASSWORD + "2");
    assertThat(done.headers().firstValue("HX-Redirect")).hasValue("/login?why=changed");
    assertThat(pam.get("/").uri().getPath()).as("signed out by it").isEqualTo("/login");
    assertThat(byPassword("pam", PASSWORD).get("/").uri().getPath()).isEqualTo("/login");
    assertThat(byPassword("pam", PASSWORD + "2").get("/").uri().getPath()).isEqualTo("/");
    assertThat(audited("person pam")).containsExactly("person-put", "person-password");
  }

  @Test
  void guesses_at_the_password_of_an_open_session_are_limited() {
    var admin = signedIn(Showcase.ADMIN);
    admin.send("/settings/people", PERSON.formatted("pit", "VIEWER", "", PASSWORD));
    var pit = byPassword("pit", PASSWORD);
    var guess = "current=guess&next=" + PASSWORD + "2";
    for (var tries = 0; tries < 10; tries++) {
      assertThat(pit.send("/account/password", guess).statusCode()).isEqualTo(400);
    }
    assertThat(pit.send("/account/password", guess).statusCode()).isEqualTo(429);
  }

  @Test
  void who_came_by_a_token_has_no_password_to_change() {
    var viewer = signedIn(Showcase.VIEWER);
    assertThat(viewer.get("/account").body())
        .contains("id=\"no-password\"")
        .doesNotContain("own-password");
    assertThat(viewer.send("/account/password", "current=x&next=" + PASSWORD).statusCode())
        .isEqualTo(400);
  }

  @Test
  void only_administrators_see_and_change_them() {
    for (var token : List.of(Showcase.VIEWER, Showcase.DEPLOYER)) {
      var browser = signedIn(token);
      assertThat(browser.get("/settings").body()).doesNotContain("to-tokens", "to-people");
      for (var path : List.of("/settings/tokens", "/settings/people")) {
        assertThat(browser.get(path).statusCode()).as(path).isEqualTo(403);
      }
      assertThat(
              browser
                  .send("/settings/tokens", TOKEN.formatted("eve", "ADMIN", "", ""))
                  .statusCode())
          .isEqualTo(403);
      assertThat(browser.press("/settings/tokens/1/revoke").statusCode()).isEqualTo(403);
      assertThat(browser.press("/settings/people/ann/remove").statusCode()).isEqualTo(403);
    }
  }
}
