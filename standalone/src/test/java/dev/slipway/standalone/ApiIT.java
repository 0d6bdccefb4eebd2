package dev.slipway.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.problem.Problem;
import java.io.IOException;
import java.net.CookieManager;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the services say of their calls, and whether it is so. */
@NullMarked
@ExtendWith(TestInstallation.Shared.class)
class ApiIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Pattern SHELL = Pattern.compile("(?ms)^```sh\\n(.*?)^```");
  private static final Pattern CSRF = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");

  /** What stands for the parts of addresses; none that another test has. */
  private static final Map<String, String> PARTS =
      Map.of(
          "app", "hello", "id", "1", "job", "1", "region", "nowhere", "name", "nowhere", "move",
          "pause");

  private final Standalone standalone;
  private final Map<String, URI> services;

  ApiIT(TestInstallation installation) {
    standalone = installation.standalone();
    services =
        Map.of(
            "deploy-service", standalone.console(),
            "build-queue-service", standalone.queue(),
            "heartbeat-reaper", Services.local(standalone.ports().heartbeatReaper()),
            "replication-checker", standalone.replication(),
            "regional-agent", standalone.regionalAgent(0));
  }

  @BeforeEach
  void an_app_to_speak_of() throws Exception {
    new Api(standalone.queue(), standalone.adminToken())
        .put("/api/v1/apps/hello", Map.of("repository", "https://git.example.com/ann/hello.git"));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      return http.send(request.timeout(SOON).build(), BodyHandlers.ofString());
    }
  }

  private static JsonNode document(URI service) throws Exception {
    return JsonMapper.shared()
        .readTree(send(HttpRequest.newBuilder(service.resolve("/openapi"))).body());
  }

  @Test
  void every_call_says_what_it_is_who_may_call_and_what_is_refused() throws Exception {
    var broken = new ArrayList<String>();
    for (var service : services.entrySet()) {
      broken.addAll(ApiRules.brokenBy(service.getKey(), document(service.getValue())));
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void the_roles_are_those_of_the_rules() throws Exception {
    assertThat(roles("deploy-service", "/api/v1/deployments", "post"))
        .containsExactly("deployer", "admin");
    assertThat(roles("deploy-service", "/api/v1/targets", "get")).containsExactly("region");
    assertThat(roles("build-queue-service", "/webhooks/{forge}", "post")).isEmpty();
    assertThat(roles("build-queue-service", "/api/v1/jobs", "get"))
        .containsExactly("viewer", "deployer", "admin");
    assertThat(roles("heartbeat-reaper", "/api/v1/heartbeats", "post")).containsExactly("worker");
  }

  private List<String> roles(String service, String path, String method) throws Exception {
    return document(services.getOrDefault(service, standalone.console()))
        .path("paths")
        .path(path)
        .path(method)
        .required("x-roles")
        .valueStream()
        .map(JsonNode::asString)
        .toList();
  }

  @Test
  void the_examples_of_bodies_are_taken() throws Exception {
    var sent = new ArrayList<String>();
    for (var service : List.of("deploy-service", "build-queue-service", "replication-checker")) {
      var address = services.getOrDefault(service, standalone.console());
      var document = document(address);
      for (var operation : ApiRules.operations(document)) {
        var example = ApiRules.example(document, operation.described());
        if (example != null) {
          sent.add(operation.described().path("operationId").asString());
          take(address, operation, example);
        }
      }
    }
    assertThat(sent).contains("deploy", "putApp", "requestJob", "setFreeze", "rollBack");
  }

  private void take(URI service, ApiRules.Operation operation, JsonNode example) throws Exception {
    // token 1 is the installation's own
    var path = operation.path().replace("/tokens/{id}", "/tokens/0");
    for (var part : PARTS.entrySet()) {
      path = path.replace("{" + part.getKey() + "}", part.getValue());
    }
    var answer =
        send(
            HttpRequest.newBuilder(service.resolve(path))
                .header("Authorization", "Bearer " + standalone.adminToken())
                .header("Content-Type", "application/json")
                .method(
                    operation.method().toUpperCase(Locale.ROOT),
                    BodyPublishers.ofString(example.toString())));
    var codes =
        operation.described().path("responses").path("" + answer.statusCode()).path("x-codes");
    assertThat(answer.statusCode() < 400 || codes.toString().contains(codeOf(answer.body())))
        .as("%s: %d %s", path, answer.statusCode(), answer.body())
        .isTrue();
    assertThat(answer.body()).as(path).doesNotContain("invalid-input");
  }

  private static String codeOf(String body) {
    try {
      return JsonMapper.shared().readTree(body).path("code").asString("none");
    } catch (JacksonException notJson) {
      return "none";
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"docs/api.md", "README.md"})
  void the_examples_of_the_docs_run(String file, @TempDir Path folder) throws Exception {
    var documented = ProblemCodes.documented();
    var calls = 0;
    for (var block : SHELL.matcher(Files.readString(ProblemCodes.file(file))).results().toList()) {
      if (!block.group(1).contains("curl ") || block.group(1).contains("$AGENT")) {
        continue;
      }
      for (var answer : run(block.group(1), folder)) {
        calls++;
        var status = Integer.parseInt(answer.line().substring(0, 3));
        var code = codeOf(answer.body());
        assertThat(status < 400 || (documented.contains(code) && !code.equals("invalid-input")))
            .as("%s: %s %s", file, answer.line(), answer.body())
            .isTrue();
      }
    }
    assertThat(calls).isGreaterThan(5);
  }

  /** What came back: status, method and address; and the body. */
  private record Came(String line, String body) {}

  private List<Came> run(String script, Path folder) throws Exception {
    var out = Files.createTempDirectory(folder, "answers");
    var prelude =
        """
        curl() {
          n=$((n + 1))
          command curl -sS --max-time 50 -o "$OUT/$n.body" -w '%{http_code} %{method} %{url_effective}' "$@" > "$OUT/$n.line"
          touch "$OUT/$n.body" && cat "$OUT/$n.body"
        }
        """;
    var shell =
        new ProcessBuilder("bash", "-c", prelude + script)
            .redirectErrorStream(true)
            .redirectOutput(out.resolve("printed").toFile())
            .directory(folder.toFile());
    shell
        .environment()
        .putAll(
            Map.of(
                "OUT", out.toString(),
                "TOKEN", standalone.adminToken(),
                "QUEUE", standalone.queue().toString(),
                "DEPLOY", standalone.console().toString(),
                "COPIES", standalone.replication().toString()));
    var process = shell.start();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    var answers = new ArrayList<Came>();
    for (var n = 1; Files.exists(out.resolve(n + ".line")); n++) {
      answers.add(
          new Came(
              Files.readString(out.resolve(n + ".line")),
              Files.readString(out.resolve(n + ".body"))));
    }
    assertThat(answers).as(script + Files.readString(out.resolve("printed"))).isNotEmpty();
    return answers;
  }

  @Test
  void a_region_that_several_add_at_the_same_time_is_added() throws Exception {
    var regions = new Api(standalone.replication(), standalone.adminToken());
    var body = Map.of("bucket", "file:///nowhere", "wanted", false, "reason", "was never anywhere");
    for (var round = 0; round < 5; round++) {
      var path = "/api/v1/regions/added-at-once-" + round;
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var calls = Collections.nCopies(8, (Callable<JsonNode>) () -> regions.put(path, body));
        for (var call : threads.invokeAll(calls)) {
          assertThat(call.get().path("reason").asString()).isEqualTo("was never anywhere");
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bucket", "reason"})
  void a_region_with_what_no_database_keeps_is_refused(String field) throws IOException {
    var regions = new Api(standalone.replication(), standalone.adminToken());
    var body = new HashMap<String, Object>();
    body.put("bucket", "file:///nowhere");
    body.put("wanted", false);
    body.put("reason", "was never anywhere");
    body.merge(field, "\0", (text, zero) -> text + "" + zero);
    assertThatThrownBy(() -> regions.put("/api/v1/regions/never", body))
        .isInstanceOfSatisfying(
            Problem.class, refused -> assertThat(refused.status()).isEqualTo(400))
        .hasMessageContaining(field);
  }

  @Test
  void one_page_shows_the_calls_of_all_services() throws Exception {
    try (var http =
        HttpClient.newBuilder()
            .cookieHandler(new CookieManager())
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build()) {
      signIn(http);
      var page = get(http, "/reference");
      for (var service : services.keySet()) {
        assertThat(page)
            .contains("data-service=\"" + service + "\" data-reachable=\"true\"")
            .contains("id=\"" + service + "-");
      }
      assertThat(page).contains("/api/v1/deployments", "already-deploying", "deployer");
    }
  }

  private void signIn(HttpClient http) throws Exception {
    var csrf = CSRF.matcher(get(http, "/login"));
    assertThat(csrf.find()).isTrue();
    var form = "token=" + encoded(standalone.adminToken()) + "&_csrf=" + encoded(csrf.group(1));
    var answer =
        http.send(
            HttpRequest.newBuilder(standalone.console().resolve("/login"))
                .timeout(SOON)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form))
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.uri().toString()).as("the page behind the sign-in").doesNotContain("login");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private String get(HttpClient http, String path) throws IOException, InterruptedException {
    return http.send(
            HttpRequest.newBuilder(standalone.console().resolve(path)).timeout(SOON).build(),
            BodyHandlers.ofString())
        .body();
  }
}
