package dev.slipway.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.client.TestAuthority;
import dev.slipway.standalone.monitoring.Monitoring;
import dev.slipway.standalone.monitoring.PrometheusServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a running installation exports is what dashboards, rules and docs are about. */
@NullMarked
@Timeout(value = 8, unit = TimeUnit.MINUTES)
@SuppressWarnings("NullAway.Init")
class MonitoringIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** What Grafana puts in before it asks. */
  private static final Map<String, String> VARIABLES =
      Map.of(
          "$__rate_interval", "2m",
          "$__range", "5m",
          "$region", ".*",
          "$app", ".*",
          "$job", ".*");

  private static final String BUNDLE = "spring.ssl.bundle.pem.watched.keystore.";

  private static TestInstallation installation;

  /** With a certificate, so that there is one whose end can be shown. */
  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    new TestAuthority("authority").issue(folder, "service");
    System.setProperty(BUNDLE + "certificate", folder.resolve("service.pem").toUri().toString());
    System.setProperty(BUNDLE + "private-key", folder.resolve("service.key").toUri().toString());
    try {
      installation = TestInstallation.start();
    } finally {
      System.clearProperty(BUNDLE + "certificate");
      System.clearProperty(BUNDLE + "private-key");
    }
  }

  @AfterAll
  static void stop() throws IOException {
    if (installation != null) {
      installation.close();
    }
  }

  @Test
  void every_panel_has_something_to_show_and_every_rule_works(@TempDir Path folder)
      throws Exception {
    var app = installation.app("watched");
    try (var prometheus = PrometheusServer.start(folder, jobs())) {
      await(prometheus, "slipway_lead_time_seconds_count{app=\"watched\"}");
      // what is counted for the first time shows no rate yet
      for (var commit = 1; commit <= 2; commit++) {
        app.repository.write("note.txt", "Commit " + commit);
        deploy(app, commit);
        await(prometheus, "sum(slipway_lead_time_seconds_count{app=\"watched\"}) == " + commit);
      }
      var silent = new ArrayList<String>();
      for (var expression : Monitoring.expressions()) {
        if (!answers(prometheus, filled(expression.promql()))) {
          silent.add(expression.where() + ": " + expression.promql());
        }
      }
      assertThat(silent).isEmpty();
      assertRulesWork(prometheus);
    }
  }

  private static void deploy(TestApp app, int commit) throws Exception {
    var pushed = app.repository.push("Change " + commit);
    var build = app.replicated(pushed);
    app.journey().pressDeploy(build);
    app.journey().awaitMachines(build, pushed);
  }

  private Map<String, List<Integer>> jobs() {
    var size = installation.standalone().size();
    var ports = installation.standalone().ports();
    var jobs = new LinkedHashMap<String, List<Integer>>();
    jobs.put("deploy-service", List.of(ports.deployService()));
    jobs.put("build-queue-service", List.of(ports.buildQueueService()));
    jobs.put("heartbeat-reaper", List.of(ports.heartbeatReaper()));
    jobs.put("replication-checker", List.of(ports.replicationChecker()));
    jobs.put("build-worker", IntStream.range(0, size.workers()).mapToObj(ports::worker).toList());
    jobs.put(
        "regional-agent",
        IntStream.range(0, size.regions().size()).mapToObj(ports::region).toList());
    return jobs;
  }

  private static String filled(String promql) {
    var filled = promql;
    for (var variable : VARIABLES.entrySet()) {
      filled = filled.replace(variable.getKey(), variable.getValue());
    }
    return filled;
  }

  private static void await(PrometheusServer prometheus, String promql) throws Exception {
    Wait.until(promql, PATIENCE, () -> answered(prometheus, promql) ? promql : null);
  }

  /** Whether it has something to show before long. */
  private static boolean answers(PrometheusServer prometheus, String promql) throws Exception {
    var deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!answered(prometheus, promql)) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
    return true;
  }

  /** It does not answer before it has started. */
  private static boolean answered(PrometheusServer prometheus, String promql)
      throws InterruptedException {
    try {
      return !prometheus.query(promql).isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  private static void assertRulesWork(PrometheusServer prometheus) throws Exception {
    var rules = 0;
    for (var group : prometheus.get("/api/v1/rules").at("/data/groups")) {
      for (var rule : group.path("rules")) {
        assertThat(rule.path("health").asString()).as("%s", rule).isEqualTo("ok");
        rules++;
      }
    }
    assertThat(rules).isEqualTo(Monitoring.rules().size());
  }

  @Test
  void whatever_is_exported_is_in_the_table_of_metrics() throws Exception {
    for (var ports : jobs().values()) {
      for (var port : ports) {
        var metrics = Monitoring.metricsIn(scrape(port));
        assertThat(metrics).isNotEmpty().allMatch(Monitoring::isDocumented);
      }
    }
  }

  private static String scrape(int port) throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      var address = URI.create("http://127.0.0.1:" + port + "/actuator/prometheus");
      var request = HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(10)).build();
      return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
  }
}
