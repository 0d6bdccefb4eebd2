package dev.slipway.client.training;

import com.sun.net.httpserver.HttpExchange;
import dev.slipway.client.Slipway;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;

/**
 * Runs commands against answers made up here, while the JVM notes which classes starting takes
 * ({@code java -XX:AOTCacheOutput=…}).
 */
public final class Training {
  private static final List<String> COMMANDS =
      List.of(
          "--version",
          "--help",
          "apps",
          "builds",
          "status",
          "machines hello",
          "workers",
          "timeline 1",
          "audit",
          "builds --json",
          "logs 1",
          "deploy hello --dry-run",
          "doctor",
          "apps --nonsense");

  private static final String EVERYTHING =
      """
      {"apps": [{"name": "hello"}], "jobs": [{"id": 1, "createdAt": "2026-01-01T00:00:00Z", "status": "RUNNING"}],
       "workers": [{"name": "w", "slots": 2, "seenAt": "2026-01-01T00:00:00Z"}], "deployments": [{"id": 1}],
       "stages": [{"name": "build", "seconds": 2.5}], "regions": [{"name": "eu", "wanted": true}], "you": {"role": "ADMIN"}}
      """;

  private Training() {}

  /** Runs them all. */
  public static void main(String[] arguments) throws IOException {
    var token = Files.createTempFile("slipway", "token");
    try (var services = FourPorts.open(Training::answer)) {
      Files.writeString(token, "training");
      var quiet = new PrintWriter(Writer.nullWriter());
      for (var command : COMMANDS) {
        var options = " --url " + services.address() + " --token-file " + token;
        var line = command.startsWith("--") ? command : command + options;
        Slipway.run(quiet, quiet, line.split(" "));
      }
    } finally {
      Files.delete(token);
    }
  }

  private static void answer(HttpExchange exchange) throws IOException {
    var isList = exchange.getRequestURI().getPath().endsWith("/fleet");
    var text = isList ? "[" + EVERYTHING + "]" : EVERYTHING.replace("\n", " ");
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }
}
