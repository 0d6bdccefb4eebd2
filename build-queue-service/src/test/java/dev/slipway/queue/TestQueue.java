package dev.slipway.queue;

import dev.slipway.common.access.Role;
import dev.slipway.common.access.TokenStore;
import dev.slipway.common.database.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The service on a real port and a real database, and its callers. */
public final class TestQueue {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  private final TestDatabase database;
  private final ConfigurableApplicationContext context;

  /** One for all tests of the JVM: they differ in the names of their apps. */
  public static TestQueue shared() {
    return Shared.QUEUE;
  }

  /** With time for webhooks, so that nothing else of what runs on this host is tested. */
  public TestQueue() {
    this(TestDatabase.create(), url -> url, "--slipway.queue.webhook-timeout=10s");
  }

  /**
   * @param way from the database's address to the one that the service uses
   */
  public TestQueue(TestDatabase database, UnaryOperator<String> way, String... more) {
    this.database = database;
    var tokens = new TokenStore(database.jdbc());
    for (var role : new Role[] {Role.VIEWER, Role.DEPLOYER, Role.ADMIN, Role.WORKER}) {
      tokens.put(role.name(), role, null, role.name());
    }
    var arguments =
        new ArrayList<>(
            List.of(
                "--server.port=0",
                "--spring.datasource.url=" + way.apply(database.url()),
                "--spring.datasource.username=postgres",
                "--slipway.queue.allow-file-repositories=true",
                "--slipway.queue.reconcile-interval=1d"));
    arguments.addAll(List.of(more));
    context = BuildQueueApplication.builder().run(arguments.toArray(String[]::new));
  }

  public <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  public JdbcClient jdbc() {
    return database.jdbc();
  }

  public TestDatabase database() {
    return database;
  }

  public void stop() {
    context.close();
  }

  /** An answer. */
  public record Answer(int status, JsonNode json, HttpResponse<String> raw) {
    /** A field as text. */
    public String text(String field) {
      return json.path(field).asString("");
    }
  }

  public Answer get(Role role, String path) {
    return send(as(role, path).GET());
  }

  public Answer post(Role role, String path, String body) {
    return send(
        as(role, path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  public Answer put(Role role, String path, String body) {
    return send(
        as(role, path)
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString(body)));
  }

  public HttpRequest.Builder as(Role role, String path) {
    return request(path).header("Authorization", "Bearer " + role.name());
  }

  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + port() + path))
        .timeout(Duration.ofSeconds(30));
  }

  public int port() {
    return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  public Answer send(HttpRequest.Builder request) {
    try {
      var response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), json(response), response);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode json(HttpResponse<String> response) {
    var type = response.headers().firstValue("Content-Type").orElse("");
    return type.contains("json")
        ? JsonMapper.shared().readTree(response.body())
        : JsonMapper.shared().createObjectNode();
  }

  /** Registers an app of a new name and returns its name. */
  public String app(String repositoryPrefix, String secret) {
    var name = "a" + UUID.randomUUID().toString().substring(0, 13);
    var answer =
        put(
            Role.ADMIN,
            "/api/v1/apps/" + name,
            "{\"repository\": \"%s%s\", \"webhookSecret\": \"%s\"}"
                .formatted(repositoryPrefix, name, secret));
    if (answer.status() != 201) {
      throw new AssertionError(answer.raw().body());
    }
    return name;
  }

  /** Queues a commit of an app and returns the job's id. */
  public long job(String app, String commit) {
    var answer =
        post(
            Role.DEPLOYER,
            "/api/v1/jobs",
            "{\"app\": \"%s\", \"commit\": \"%s\"}".formatted(app, commit));
    return Objects.requireNonNull(answer.json().get("job"), answer.raw().body()).asLong();
  }

  /** A commit's hash that ends in {@code n}. */
  public static String sha(int n) {
    return "c".repeat(36) + "%04x".formatted(n);
  }

  private static final class Shared {
    static final TestQueue QUEUE = new TestQueue();
  }
}
