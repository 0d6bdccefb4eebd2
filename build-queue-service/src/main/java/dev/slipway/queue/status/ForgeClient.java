package dev.slipway.queue.status;

import dev.slipway.common.problem.InvalidInput;
import dev.slipway.queue.status.Reply.Later;
import dev.slipway.queue.status.Reply.Refused;
import dev.slipway.queue.status.Reply.Told;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Posts statuses to one forge. Redirects are not followed: they would carry the token away. */
public final class ForgeClient {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
  private static final Duration USUAL_PAUSE = Duration.ofMinutes(1);
  private static final int LARGEST_ANSWER = 10_000;
  private static final int LONGEST_PROBLEM = 300;

  private final ForgeSettings forge;
  private final URI console;
  private final RestClient http;

  /**
   * @param console the address that people open it at
   * @param timeout of one call, answer included
   */
  public ForgeClient(ForgeSettings forge, URI console, Duration timeout) {
    this.forge = forge;
    this.console = console;
    var requests =
        new JdkClientHttpRequestFactory(
            HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_TIMEOUT)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build());
    requests.setReadTimeout(timeout);
    this.http = RestClient.builder().requestFactory(requests).build();
  }

  /**
   * Tells the forge.
   *
   * @param path the repository's, in its address
   */
  Reply tell(CommitStatus status, String path) {
    var address = forge.kind().address(forge.api(), path, status.commit());
    if (address.isEmpty()) {
      return new Refused(status.repository() + " is no repository of " + forge.host());
    }
    try {
      return post(address.get(), status, forge.token());
    } catch (IOException | InvalidInput | ResourceAccessException e) {
      return new Later(forge.host() + ": " + e.getMessage(), null);
    }
  }

  private Reply post(URI address, CommitStatus status, String token) {
    var link = URI.create(console.toString().replaceAll("/+$", "") + "/builds/" + status.job());
    return http.post()
        .uri(address)
        .headers(headers -> forge.kind().headers(token).forEach(headers::set))
        .header(HttpHeaders.USER_AGENT, "slipway")
        .contentType(MediaType.APPLICATION_JSON)
        .body(JsonMapper.shared().writeValueAsBytes(forge.kind().body(status, link)))
        .exchange((request, response) -> reply(response, token));
  }

  private Reply reply(ClientHttpResponse response, String token) throws IOException {
    var status = response.getStatusCode();
    if (status.is2xxSuccessful()) {
      return new Told();
    }
    var problem =
        "%s answered %d %s"
            .formatted(forge.host(), status.value(), reason(response).replace(token, "…"));
    if (forge.kind().isThereAlready(status.value(), problem)) {
      return new Told();
    }
    var pause = pause(response.getHeaders());
    return switch (status.value()) {
      case 429 -> new Later(problem, pause == null ? USUAL_PAUSE : pause);
      case 403 -> pause == null ? new Refused(problem) : new Later(problem, pause);
      case 408, 425 -> new Later(problem, pause);
      default -> status.is5xxServerError() ? new Later(problem, pause) : new Refused(problem);
    };
  }

  private static String reason(ClientHttpResponse response) throws IOException {
    var body = new String(response.getBody().readNBytes(LARGEST_ANSWER), StandardCharsets.UTF_8);
    var text = body;
    try {
      var message = JsonMapper.shared().readTree(body).path("message");
      text =
          message.isMissingNode()
              ? body
              : message.isString() ? message.stringValue() : message.toString();
    } catch (JacksonException notJson) {
      // a proxy's page: its beginning has to do
    }
    var line = text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}]+", " ").strip();
    return line.substring(0, Math.min(line.length(), LONGEST_PROBLEM));
  }

  /** How long it wants to be left alone, by its own clock; at most an hour. */
  private static @Nullable Duration pause(HttpHeaders headers) {
    var seconds = number(headers.getFirst(HttpHeaders.RETRY_AFTER));
    if (seconds == null && "0".equals(headers.getFirst("X-RateLimit-Remaining"))) {
      var reset = number(headers.getFirst("X-RateLimit-Reset"));
      var now = headers.getDate();
      seconds =
          reset == null || now < 0 ? USUAL_PAUSE.toSeconds() : Math.max(0, reset - now / 1_000);
    }
    return seconds == null
        ? null
        : Duration.ofSeconds(Math.min(seconds, LONGEST_PAUSE.toSeconds()));
  }

  private static @Nullable Long number(@Nullable String text) {
    return text != null && text.matches("[0-9]{1,12}") ? Long.valueOf(text) : null;
  }
}
