package dev.slipway.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What the commands ask, how they answer, and with what they end. */
@NullMarked
@SuppressWarnings("NullAway.Init")
class CommandsTest {
  private static final String DEPLOYMENT =
      "{\"id\":7,\"app\":\"hello\",\"build\":3,\"status\":\"ROLLING\"}";
  private static final String HOSTILE = "\\u001b]0;owned\\u0007\\u001b[2J\\u202eevil\\nline";

  @TempDir private Path folder;
  private FakeInstallation services;

  @BeforeEach
  void start() throws IOException {
    services =
        new FakeInstallation(folder)
            .json("/api/v1/apps/hello/preview", "{\"build\":3,\"deployable\":true}")
            .json("/api/v1/apps/hello/rollback", DEPLOYMENT)
            .json("/api/v1/deployments/7/pause", "{\"deployment\":" + DEPLOYMENT + "}")
            .json("/api/v1/deployments", DEPLOYMENT)
            .json("/api/v1/deployments/7/stragglers", "[]");
  }

  @AfterEach
  void stop() {
    services.close();
  }

  @Test
  void each_asks_with_the_token_for_what_it_was_told() {
    assertThat(services.run("rollback", "hello").code()).isZero();
    assertThat(services.run("rollback", "hello", "2").code()).isZero();
    assertThat(services.run("deployment", "pause", "7").code()).isZero();
    assertThat(services.run("deploy", "hello", "3").code()).isZero();
    assertThat(services.asked())
        .satisfiesExactly(
            first ->
                assertThat(first)
                    .isEqualTo("POST /api/v1/apps/hello/rollback Bearer secret {\"waves\":false}"),
            second -> assertThat(second).contains("\"build\":2"),
            third ->
                assertThat(third).isEqualTo("POST /api/v1/deployments/7/pause Bearer secret {}"),
            preview -> assertThat(preview).startsWith("GET /api/v1/apps/hello/preview?build=3 "),
            wish ->
                assertThat(wish)
                    .startsWith("POST /api/v1/deployments ")
                    .contains("\"app\":\"hello\"", "\"build\":3")
                    .doesNotContain("override"));
    assertThat(services.run("deploy", "hello", "3", "--override", "down").code()).isZero();
    assertThat(services.asked().getLast()).contains("\"override\":\"down\"");
  }

  @Test
  void watched_it_ends_as_the_deployment_does() {
    services.json(
        "/api/v1/deployments/7",
        "{\"deployment\":{\"id\":7,\"app\":\"hello\",\"build\":3,\"status\":\"SUCCEEDED\"}}");
    assertThat(services.run("deploy", "hello", "--watch").code()).isZero();
    services.json(
        "/api/v1/deployments/7",
        "{\"deployment\":{\"id\":7,\"status\":\"FAILED\",\"reason\":\"2 machines failed\"}}");
    var failed = services.run("rollback", "hello", "--watch");
    assertThat(failed.code()).isEqualTo(1);
    assertThat(failed.out()).contains("is FAILED", "2 machines failed");
  }

  @Test
  void a_preview_with_something_in_the_way_is_no_success() {
    services.json("/api/v1/apps/hello/preview", "{\"build\":3,\"deployable\":false}");
    assertThat(services.run("deploy", "hello", "--dry-run").code()).isEqualTo(1);
    assertThat(services.asked()).noneMatch(call -> call.startsWith("POST"));
  }

  @Test
  void how_it_ends_tells_programs_why() {
    services
        .refuse("/api/v1/apps/locked/rollback", 403, "forbidden", "your role may not do this")
        .refuse("/api/v1/apps/strange/rollback", 401, "unauthenticated", "a token is needed")
        .refuse("/api/v1/apps/busy/rollback", 503, "busy", "try again")
        .refuse("/api/v1/apps/pinned/rollback", 409, "nothing", "nothing to go back to");
    assertEnds(1, "nothing to go back to", "rollback", "pinned");
    assertEnds(2, "APP", "rollback");
    assertEnds(2, "lower-case letters", "rollback", "../etc");
    assertEnds(2, "BUILD", "deploy", "hello", "many");
    assertEnds(2, "--limit", "builds", "--limit", "0");
    assertEnds(2, "MOVE", "deployment", "explode", "7");
    assertEnds(3, "does not exist", "rollback", "nobody");
    assertEnds(4, "try again", "rollback", "busy");
    assertEnds(5, "your role may not do this", "rollback", "locked");
    assertEnds(5, "slipway login", "rollback", "strange");
  }

  private void assertEnds(int code, String why, String... arguments) {
    var ran = services.run(arguments);
    assertThat(ran.code()).as("%s: %s", String.join(" ", arguments), ran.err()).isEqualTo(code);
    assertThat(ran.err()).startsWith("slipway: ").contains(why);
    assertThat(ran.err().lines()).hasSizeLessThanOrEqualTo(2);
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void a_service_that_is_down_is_named_with_its_address() throws IOException {
    // bound, so that nobody else gets the port, and not listening
    try (var nobody = new Socket()) {
      nobody.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      var url = "http://127.0.0.1:" + nobody.getLocalPort();
      var ran =
          FakeInstallation.runAlone(
              "status", "--url", url, "--token-file", services.token().toString());
      assertThat(ran.code()).isEqualTo(4);
      assertThat(ran.err()).contains("deploy-service cannot be reached at " + url);
      assertThat(ran.err().lines()).hasSize(1);
    }
  }

  @Test
  void a_missing_token_file_is_told_as_one() {
    var ran =
        FakeInstallation.runAlone(
            "apps", "--url", services.address().toString(), "--token-file", "nowhere/admin");
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err().strip()).isEqualTo("slipway: there is no token file nowhere/admin");
  }

  @Test
  void something_else_that_answers_there_is_told_from_a_service() {
    services.json("/api/v1/deployments", "<html>welcome</html>");
    var ran = services.run("status");
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).contains("does not answer as deploy-service does");
  }

  @Test
  void pages_are_read_one_after_the_other() {
    services.answer(
        "/api/v1/jobs",
        exchange ->
            FakeInstallation.send(
                exchange,
                200,
                exchange.getRequestURI().getQuery().contains("after=2")
                    ? "{\"jobs\":[{\"id\":1}],\"next\":null}"
                    : "{\"jobs\":[{\"id\":3},{\"id\":2}],\"next\":2}"));
    var ran = services.run("builds", "--json");
    var builds = JsonMapper.shared().readTree(ran.out());
    assertThat(builds).extracting(build -> build.path("id").asInt()).containsExactly(3, 2, 1);
  }

  @Test
  void a_fleet_is_read_page_by_page() {
    services
        .json("/api/v1/apps/hello", "{\"name\":\"hello\"}")
        .answer(
            "/api/v1/apps/hello/fleet",
            exchange -> {
              var query = exchange.getRequestURI().getQuery();
              FakeInstallation.send(
                  exchange,
                  200,
                  query.equals("limit=1000&after=") ? machines(0, 1_000) : machines(1_000, 1_001));
            });
    var ran = services.run("machines", "hello", "--json");
    assertThat(JsonMapper.shared().readTree(ran.out())).hasSize(1_001);
    assertThat(services.asked().getLast()).contains("limit=1000&after=eu%2Fm999 ");
  }

  private static String machines(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj("{\"region\":\"eu\",\"machine\":\"m%d\"}"::formatted)
        .collect(Collectors.joining(",", "[", "]"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"builds", "builds --json"})
  void what_others_wrote_does_nothing_to_a_terminal(String command) {
    services.json(
        "/api/v1/jobs",
        """
        {"jobs": [{"id": 1, "app": "%1$s", "commit": "%1$s", "status": "%1$s", "failure": "%1$s"}]}
        """
            .formatted(HOSTILE));
    var ran = services.run(command.split(" "));
    assertThat(ran.code()).isZero();
    assertThat(ran.out()).contains("evil");
    assertThat(ran.out().codePoints())
        .allMatch(
            c -> c == '\n' || (c >= ' ' && c != 0x7f && c != 0x202e && (c < 0x80 || c > 0x9f)));
    services.refuse("/api/v1/jobs", 400, "bad", HOSTILE);
    var refused = services.run(command.split(" "));
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("evil").doesNotContain("\033", "\u202e");
    assertThat(refused.err().lines()).hasSize(1);
  }

  @Test
  void the_doctors_worst_finding_decides() {
    services
        .json("/actuator/health", "{\"status\":\"UP\"}")
        .json(
            "/api/v1/installation",
            """
            {"you": {"name": "ann", "role": "ADMIN"}, "targetsSigned": true, "schema": "19", "knownSchema": 19,
             "queue": {"waiting": 0, "workers": 1, "slots": 2, "busy": 0},
             "regions": [{"name": "eu", "wanted": true, "agents": 1, "machines": 4, "silent": 0}],
             "apps": [{"name": "hello", "foundBy": "WEBHOOK", "failedLooks": 0}]}
            """);
    var well = services.run("doctor");
    assertThat(well.out()).contains("All is well.");
    assertThat(well.code()).isZero();
    services.refuse("/api/v1/installation", 401, "unauthenticated", "no");
    assertThat(services.run("doctor").code()).isEqualTo(1);
    services.refuse("/actuator/health", 503, "down", "DOWN");
    assertThat(services.run("doctor").out()).contains("its health answers 503");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh"})
  void a_shell_gets_a_script_that_knows_every_command(String shell) {
    var ran = FakeInstallation.runAlone("completion", shell);
    assertThat(ran.code()).isZero();
    assertThat(ran.out()).contains("complete -F", "timeline", "--token-file", "bashcompinit");
  }

  @Test
  void without_a_word_it_says_what_there_is() {
    var ran = FakeInstallation.runAlone();
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains("deploy", "doctor", "Exit codes");
  }
}
