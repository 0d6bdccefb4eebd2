package dev.slipway.standalone.monitoring;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The system's own Prometheus, with our rules, that reads some services each second. */
public final class PrometheusServer implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/bin/prometheus");

  /** Below what the system hands out by itself, and above what a browser refuses to open. */
  private static final int FROM = 10_200;

  private static final int TO = 32_000;

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI address;
  private final Process process;

  private PrometheusServer(URI address, Process process) {
    this.address = address;
    this.process = process;
  }

  /**
   * Starts one, or skips the test, loudly, where there is none.
   *
   * @param folder for its configuration and data
   * @param ports what to read, by the name of its job
   */
  @SuppressWarnings("SystemOut")
  public static PrometheusServer start(Path folder, Map<String, List<Integer>> ports)
      throws IOException {
    if (!Files.isExecutable(PROGRAM)) {
      System.err.println("TEST OF DASHBOARDS AND RULES SKIPPED: " + PROGRAM + " is not here");
    }
    Assumptions.assumeTrue(Files.isExecutable(PROGRAM), "no Prometheus");
    var config = new StringBuilder();
    config.append("global: {scrape_interval: 1s, evaluation_interval: 1s}\nrule_files:\n");
    Monitoring.ruleFiles().forEach(file -> config.append("  - ").append(file).append('\n'));
    config.append("scrape_configs:\n");
    ports.forEach((job, its) -> {
      config
          .append("  - job_name: ")
          .append(job)
          .append("\n    metrics_path: /actuator/prometheus\n");
      var targets = its.stream().map(port -> "'127.0.0.1:" + port + "'").toList();
      config.append("    static_configs: [{targets: ").append(targets).append("}]\n");
    });
    var file = folder.resolve("prometheus.yml");
    Files.writeString(file, config);
    var port = freePort();
    var process =
        new ProcessBuilder(
                PROGRAM.toString(),
                "--config.file=" + file,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port,
                "--log.level=warn")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("prometheus.log").toFile())
            .start();
    return new PrometheusServer(URI.create("http://127.0.0.1:" + port), process);
  }

  private static int freePort() {
    while (true) {
      var port = ThreadLocalRandom.current().nextInt(FROM, TO);
      try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException taken) {
        // another one
      }
    }
  }

  /**
   * What an expression gives now: the values that are numbers.
   *
   * @throws IOException when it does not answer, or refuses the expression
   */
  public List<Double> query(String promql) throws IOException, InterruptedException {
    var encoded = URLEncoder.encode(promql, StandardCharsets.UTF_8);
    var values = new ArrayList<Double>();
    for (var series : get("/api/v1/query?query=" + encoded).at("/data/result")) {
      var value = Double.parseDouble(series.path("value").path(1).asString());
      if (!Double.isNaN(value)) {
        values.add(value);
      }
    }
    return values;
  }

  /** Answer of its API. */
  public JsonNode get(String path) throws IOException, InterruptedException {
    if (!process.isAlive()) {
      throw new IllegalStateException("Prometheus has ended with " + process.exitValue());
    }
    var request =
        HttpRequest.newBuilder(address.resolve(path)).timeout(Duration.ofSeconds(10)).build();
    var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(path + " was answered " + answer.statusCode() + ": " + answer.body());
    }
    return JsonMapper.shared().readTree(answer.body());
  }

  @Override
  public void close() {
    process.destroy();
    http.close();
  }
}
