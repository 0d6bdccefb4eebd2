package dev.slipway.standalone;

import dev.slipway.common.access.Secrets;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;

/**
 * A git post-receive hook that tells of a push as GitHub does: the same payload fields, the same
 * signature.
 */
public final class PostReceive {
  private static final String NO_COMMIT = "0".repeat(40);

  private static final int TRIES = 10;

  private PostReceive() {}

  /**
   * Runs the hook; git gives {@code before after ref} lines on standard input.
   *
   * @param arguments the webhook's address, the repository's, and the file with the secret
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    var webhook = URI.create(arguments[0]);
    var secret = Files.readString(Path.of(arguments[2]));
    try (var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        var words = List.of(line.split(" "));
        deliver(webhook, secret, payload(arguments[1], words.get(0), words.get(1), words.get(2)));
      }
    }
  }

  private static byte[] payload(String repository, String before, String after, String ref) {
    return JsonMapper.shared()
        .writeValueAsBytes(
            Map.of(
                "ref",
                ref,
                "before",
                before,
                "after",
                after,
                "created",
                before.equals(NO_COMMIT),
                "deleted",
                after.equals(NO_COMMIT),
                "forced",
                false,
                "repository",
                Map.of("full_name", "sample/hello", "clone_url", repository)));
  }

  private static void deliver(URI webhook, String secret, byte[] payload)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(webhook)
            .timeout(Duration.ofSeconds(10))
            .header("Content-Type", "application/json")
            .header("X-GitHub-Event", "push")
            .header("X-GitHub-Delivery", UUID.randomUUID().toString())
            .header("X-Hub-Signature-256", "sha256=" + Secrets.hmac(secret, payload))
            .POST(HttpRequest.BodyPublishers.ofByteArray(payload))
            .build();
    try (var http = HttpClient.newHttpClient()) {
      var response = http.send(request, HttpResponse.BodyHandlers.ofString());
      // as forges do; a service that just started may not be warm
      for (var tries = 1; response.statusCode() == 503 && tries < TRIES; tries++) {
        response = http.send(request, HttpResponse.BodyHandlers.ofString());
      }
      System.out.println("webhook answered " + response.statusCode() + " " + response.body());
    }
  }
}
