package dev.slipway.deploy.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.access.Role;
import dev.slipway.common.access.TokenStore;
import dev.slipway.common.audit.AuditStore;
import dev.slipway.common.database.TestDatabase;
import dev.slipway.common.job.JobRows;
import dev.slipway.deploy.DeployServiceApplication;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Who did what, and who was refused. */
@NullMarked
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class AuditApiTest {
  private static final String ADMIN = "admin-token-of-at-least-32-characters";
  private static final String VIEWER = "viewer-token-of-at-least-32-characters";
  private static final String REGION = "region-token-of-at-least-32-characters";

  private final HttpClient http = HttpClient.newHttpClient();
  private TestDatabase database;
  private JdbcClient jdbc;
  private ConfigurableApplicationContext service;
  private URI address;

  @BeforeAll
  void start() {
    database = TestDatabase.create();
    jdbc = database.jdbc();
    var tokens = new TokenStore(jdbc);
    tokens.put("ada", Role.ADMIN, null, ADMIN);
    tokens.put("victor", Role.VIEWER, null, VIEWER);
    tokens.put("eu", Role.REGION, "eu", REGION);
    new JobRows(jdbc).app("hello");
    service =
        DeployServiceApplication.builder()
            .run(
                "--spring.datasource.url=" + database.url(),
                "--spring.datasource.username=postgres",
                "--slipway.deploy.pass-interval=1h",
                "--server.port=0");
    address =
        URI.create(
            "http://127.0.0.1:"
                + service.getEnvironment().getRequiredProperty("local.server.port"));
  }

  @AfterAll
  void stop() {
    service.close();
  }

  private HttpResponse<String> send(HttpRequest.Builder request, String token) throws Exception {
    return http.send(
        request
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String token, String path) throws Exception {
    return send(HttpRequest.newBuilder(address.resolve(path)).GET(), token);
  }

  private HttpResponse<String> post(String token, String path, String body) throws Exception {
    return send(
        HttpRequest.newBuilder(address.resolve(path)).POST(BodyPublishers.ofString(body)), token);
  }

  private List<JsonNode> lines(long after) throws Exception {
    var answer = get(ADMIN, "/api/v1/audit?after=" + after);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/x-ndjson");
    return answer.body().lines().<JsonNode>map(line -> JsonMapper.shared().readTree(line)).toList();
  }

  private long last() throws Exception {
    var all = lines(0);
    return all.isEmpty() ? 0 : all.getLast().path("id").asLong();
  }

  @Test
  void what_somebody_did_is_told_with_when_from_where_and_what_came_of_it() throws Exception {
    var before = last();
    assertThat(post(ADMIN, "/api/v1/apps/hello/auto-deploy", "{\"enabled\": false}").statusCode())
        .isEqualTo(204);
    var line = lines(before).getFirst();
    assertThat(line.path("actor").asString()).isEqualTo("ada");
    assertThat(line.path("action").asString()).isEqualTo("auto-deploy");
    assertThat(line.path("subject").asString()).isEqualTo("app hello");
    assertThat(line.path("outcome").asString()).isEqualTo("OFF");
    assertThat(line.path("address").asString()).isEqualTo("127.0.0.1");
    assertThat(line.path("at").asString()).endsWith("Z");
  }

  @Test
  void a_person_who_is_refused_is_in_it_too() throws Exception {
    var before = last();
    post(VIEWER, "/api/v1/apps/hello/rollback", "{}");
    post(ADMIN, "/api/v1/apps/hello/rollback", "{}");
    assertThat(lines(before))
        .extracting(line ->
            "%s %s %s: %s"
                .formatted(
                    line.path("actor").asString(),
                    line.path("outcome").asString(),
                    line.path("subject").asString(),
                    line.path("detail").asString()))
        .containsExactly(
            "victor FORBIDDEN POST /api/v1/apps/hello/rollback: as VIEWER, answered 403",
            "ada REFUSED POST /api/v1/apps/hello/rollback: as ADMIN, answered 409");
  }

  @Test
  void reading_is_not_audited_nor_is_a_region() throws Exception {
    var before = last();
    get(VIEWER, "/api/v1/audit");
    post(REGION, "/api/v1/apps/hello/rollback", "{}");
    assertThat(lines(before)).isEmpty();
  }

  @Test
  void the_last_lines_are_there_for_people_without_a_walk_through_all() throws Exception {
    for (var subject : List.of("one", "two", "three")) {
      new AuditStore(jdbc).record("ann", "test", subject, "DONE", null);
    }
    var answer = get(ADMIN, "/api/v1/audit?newest=true&limit=2");
    assertThat(answer.body().lines())
        .extracting(line -> JsonMapper.shared().readTree(line).path("subject").asString())
        .containsExactly("two", "three");
  }

  @Test
  void who_asks_is_told_who_they_are() throws Exception {
    var you = JsonMapper.shared().readTree(get(VIEWER, "/api/v1/installation").body()).path("you");
    assertThat(you.path("name").asString()).isEqualTo("victor");
    assertThat(you.path("role").asString()).isEqualTo("VIEWER");
    assertThat(get(REGION, "/api/v1/installation").statusCode()).isEqualTo(403);
  }

  @Test
  void only_an_administrator_takes_it_away() throws Exception {
    assertThat(get(VIEWER, "/api/v1/audit").statusCode()).isEqualTo(403);
    assertThat(get(ADMIN, "/api/v1/audit?limit=10001").statusCode()).isEqualTo(400);
  }

  @Test
  void rows_are_only_ever_added() {
    new AuditStore(jdbc).record("ann", "test", "nothing", "DONE", null);
    for (var change :
        List.of("update audit set actor = 'bob'", "delete from audit", "truncate audit")) {
      assertThatThrownBy(() -> jdbc.sql(change).update())
          .as(change)
          .rootCause()
          .hasMessageContaining("only ever added");
    }
  }

  @Test
  void a_line_whose_transaction_is_under_way_is_waited_for_and_not_passed_over() throws Exception {
    var before = last();
    CompletableFuture<List<JsonNode>> read;
    try (var early = database.dataSource().getConnection()) {
      early.setAutoCommit(false);
      write(early, "early");
      try (var late = database.dataSource().getConnection()) {
        write(late, "late");
      }
      read = CompletableFuture.supplyAsync(() -> read(before));
      awaitSomebodyWhoWaits();
      early.commit();
    }
    assertThat(read.get())
        .extracting(line -> line.path("subject").asString())
        .containsExactly("early", "late");
  }

  private List<JsonNode> read(long after) {
    try {
      return lines(after);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void write(Connection connection, String subject) {
    new AuditStore(JdbcClient.create(new SingleConnectionDataSource(connection, true)))
        .record("ann", "test", subject, "DONE", null);
  }

  /** Until the reader waits for the lock that the early writer has. */
  private void awaitSomebodyWhoWaits() {
    while (jdbc.sql(
                "select count(*) from pg_locks where relation = 'audit'::regclass and not granted")
            .query(Long.class)
            .single()
        == 0) {
      Thread.onSpinWait();
    }
  }
}
