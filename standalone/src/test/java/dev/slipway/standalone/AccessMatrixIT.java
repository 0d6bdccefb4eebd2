package dev.slipway.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.access.MachineTokens;
import dev.slipway.common.access.Role;
import dev.slipway.common.access.TokenStore;
import dev.slipway.common.machine.MachineId;
import dev.slipway.standalone.AccessTable.Line;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** Every endpoint of every service, called by everybody, against the one table. */
@NullMarked
@ExtendWith(TestInstallation.Shared.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class AccessMatrixIT {
  private static final String COMMIT = "c".repeat(40);
  private static final String SECRET = "-secret-of-the-access-matrix-0123456789";

  private final Standalone standalone;
  private final Map<String, URI> services;
  private final Map<String, String> tokens = new HashMap<>();
  private final Map<String, ConsoleSession> sessions = new HashMap<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private final JdbcClient jdbc;
  private long job;
  private long deployment;

  AccessMatrixIT(TestInstallation installation) {
    standalone = installation.standalone();
    var ports = standalone.ports();
    services =
        Map.of(
            "build-queue-service", Services.local(ports.buildQueueService()),
            "heartbeat-reaper", Services.local(ports.heartbeatReaper()),
            "replication-checker", Services.local(ports.replicationChecker()),
            "deploy-service", Services.local(ports.deployService()),
            "console", Services.local(ports.deployService()),
            "build-worker", Services.local(ports.worker(0)),
            "regional-agent", Services.local(ports.region(0)));
    var database = new PGSimpleDataSource();
    database.setServerNames(new String[] {"127.0.0.1"});
    database.setPortNumbers(new int[] {ports.database()});
    database.setUser("postgres");
    jdbc = JdbcClient.create(database);
  }

  /** Callers, and an app, a job, a deployment and a region that are at rest. */
  @BeforeAll
  void prepare() throws Exception {
    var store = new TokenStore(jdbc);
    token(store, "viewer", Role.VIEWER, "");
    token(store, "deployer", Role.DEPLOYER, "");
    token(store, "another-apps-deployer", Role.DEPLOYER, "");
    token(store, "admin", Role.ADMIN, "");
    token(store, "worker", Role.WORKER, "");
    token(store, "region", Role.REGION, "quiet");
    token(store, "another-region", Role.REGION, "east");
    jdbc.sql("update api_token set apps = '{other}' where name = 'matrix-another-apps-deployer'")
        .update();
    var keys = new Keys(standalone.data().resolve("keys"));
    var east = new MachineTokens(keys.secret("machines-east"));
    tokens.put("machine", east.tokenOf(new MachineId("matrix")));
    tokens.put("another-machine", east.tokenOf(new MachineId("matrix-2")));
    tokens.put(
        "another-regions-machine",
        new MachineTokens(keys.secret("machines-west")).tokenOf(new MachineId("matrix")));
    jdbc.sql(
            "insert into region (name, bucket, wanted, reason) values ('quiet', 'file:///none', false, 'for a test')")
        .update();
    jdbc.sql(
            "insert into app (name, repository, webhook_secret) values ('matrix', 'https://git.invalid/matrix', 'a secret for tests')")
        .update();
    job =
        jdbc.sql(
                """
                insert into job (app, seq, commit_sha, ref, found_by, status, worker, attempt, max_attempts, started_at, finished_at, failure)
                values ('matrix', 1, ?, 'refs/heads/master', 'PERSON', 'FAILED', 'matrix', 100, 100, now(), now(), 'for a test')
                returning id
                """)
            .param(COMMIT)
            .query(Long.class)
            .single();
    deployment =
        jdbc.sql(
                """
                insert into deployment (app, job, cause, requested_by, status, plan, finished_at)
                values ('matrix', ?, 'PERSON', 'matrix', 'ABORTED',
                  '{"steps": [{"regions": ["quiet"], "machines": 100, "bake": "PT0S"}], "maxFailed": 0, "rollback": false}', now())
                returning id
                """)
            .param(job)
            .query(Long.class)
            .single();
  }

  private void token(TokenStore store, String caller, Role role, String scope) {
    tokens.put(caller, caller + SECRET);
    store.put("matrix-" + caller, role, scope.isEmpty() ? null : scope, caller + SECRET);
  }

  @AfterAll
  void leaveNothingThatOthersSee() {
    jdbc.sql("delete from api_token where name like 'matrix-%'").update();
    jdbc.sql("delete from regional_agent where region = 'quiet'").update();
    jdbc.sql("delete from revoked_machine where region = 'quiet'").update();
    jdbc.sql("delete from region where name = 'quiet'").update();
    http.close();
  }

  @Test
  void every_endpoint_is_in_the_table() throws Exception {
    var known = AccessTable.read().stream().map(Line::endpoint).toList();
    var found = new TreeSet<>(Endpoints.all());
    for (var service : services.keySet()) {
      // a worker has no calls of its own
      if (!Set.of("console", "build-worker").contains(service)) {
        found.addAll(described(service));
      }
    }
    assertThat(found).hasSizeGreaterThan(50);
    found.removeAll(known);
    assertThat(found).as("without a line in access-matrix.txt").isEmpty();
  }

  /** What the service says of itself. */
  private List<String> described(String service) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(uri(service, "/openapi")).build();
    var document = http.send(request, BodyHandlers.ofString());
    assertThat(document.statusCode()).as(service).isEqualTo(200);
    var found = new ArrayList<String>();
    JsonMapper.shared()
        .readTree(document.body())
        .path("paths")
        .forEachEntry((path, methods) ->
            methods.forEachEntry((method, operation) ->
                found.add(service + " " + method.toUpperCase(Locale.ROOT) + " " + path)));
    return found;
  }

  @Test
  void everybody_is_answered_as_the_table_says() throws Exception {
    var wrong = new ArrayList<String>();
    for (var line : AccessTable.read()) {
      for (var i = 0; i < line.callers().size(); i++) {
        var caller = line.callers().get(i);
        var wanted = line.answers().get(i);
        var answer = call(line, caller, wanted);
        if (!fits(wanted, answer)) {
          wrong.add(
              "%s by %s: %s wanted, answered %d"
                  .formatted(line.endpoint(), caller, wanted, answer.statusCode()));
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static boolean fits(String wanted, HttpResponse<?> answer) {
    var status = answer.statusCode();
    var toSignIn =
        status == 302 && answer.headers().firstValue("Location").orElse("").endsWith("/login");
    return switch (wanted) {
      case "login" -> toSignIn;
      case "in" -> !toSignIn && status < 500 && status != 401 && status != 403;
      default -> status == Integer.parseInt(wanted);
    };
  }

  private HttpResponse<?> call(Line line, String caller, String wanted) throws Exception {
    var sent = line.onlyRefused() && wanted.equals("in") ? "" : filled(line.sent());
    var query = sent.startsWith("?") ? sent : "";
    var request =
        HttpRequest.newBuilder(uri(line.service(), path(line) + query))
            .timeout(Duration.ofSeconds(60))
            .header("Content-Type", "application/json")
            .method(line.method(), BodyPublishers.ofString(query.isEmpty() ? sent : ""));
    var client = http;
    if (line.service().equals("console")) {
      var session = session(caller);
      client = session.http();
      request.header("X-XSRF-TOKEN", session.csrf());
    } else if (tokens.containsKey(caller)) {
      request.header("Authorization", "Bearer " + tokens.get(caller));
    }
    var answer = client.send(request.build(), BodyHandlers.ofInputStream());
    // some would go on for as long as somebody listens
    answer.body().close();
    return answer;
  }

  private ConsoleSession session(String caller) throws IOException, InterruptedException {
    var known = sessions.get(caller);
    if (known == null) {
      known = new ConsoleSession(uri("console", "/"), tokens.getOrDefault(caller, ""));
      sessions.put(caller, known);
    }
    return known;
  }

  private URI uri(String service, String path) {
    return Objects.requireNonNull(services.get(service), service).resolve(path);
  }

  private String path(Line line) {
    var id =
        switch (line.path().replaceFirst("^(/api/v1)?/", "").split("/", 2)[0]) {
          case "jobs", "builds" -> String.valueOf(job);
          case "deployments" -> String.valueOf(deployment);
          case "machines" -> "matrix";
          default -> "0";
        };
    return line.path()
        .replace("{id}", id)
        .replace("{job}", String.valueOf(job))
        .replace("{build}", String.valueOf(job))
        .replace("{app}", "matrix")
        .replace("{name}", line.path().contains("/apps/") ? "matrix" : "quiet")
        // the console's is not to be included, so there is none of that name
        .replace("{region}", line.service().equals("console") ? "nobodys" : "quiet")
        .replace("{machine}", "matrix")
        .replace("{move}", "pause")
        .replace("{forge}", "github")
        .replace("{key}", "none")
        .replace("{file}", "1-1.json")
        .replace("{sha256}", "a".repeat(64));
  }

  private String filled(String sent) {
    return sent.replace("JOB", String.valueOf(job))
        .replace("COMMIT", COMMIT)
        .replace("SHA256", "a".repeat(64));
  }
}
