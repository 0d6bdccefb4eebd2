package dev.slipway.deploy.webhook;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What is sent of an event. */
final class Payload {
  private static final int LONGEST_REASON = 300;

  private final String console;

  /**
   * @param console where people open it
   */
  Payload(URI console) {
    this.console = console.toString().replaceAll("/+$", "");
  }

  /** The body for a receiver of that kind: the same bytes at every try. */
  byte[] of(Kind kind, String event) {
    var read = JsonMapper.shared().readTree(event);
    return switch (kind) {
      case JSON -> json(read).getBytes(StandardCharsets.UTF_8);
      case SLACK -> JsonMapper.shared().writeValueAsBytes(Map.of("text", line(read)));
    };
  }

  private String json(JsonNode event) {
    var body = (ObjectNode) event.deepCopy();
    body.put("url", link(event));
    return JsonMapper.shared().writeValueAsString(body);
  }

  private String link(JsonNode event) {
    var deployment = event.path("deployment");
    return deployment.isObject()
        ? console + "/deployments/" + deployment.path("id").asLong()
        : console + "/builds/" + event.path("build").path("id").asLong();
  }

  private String line(JsonNode event) {
    var build = event.path("build");
    var deployment = event.path("deployment");
    var isDeployment = deployment.isObject();
    var what = event.path("type").asString("").replaceFirst(".*\\.", "");
    var name =
        isDeployment
            ? "deployment %d of build #%d"
                .formatted(deployment.path("id").asLong(), build.path("id").asLong())
            : "build #" + build.path("id").asLong();
    var reason = (isDeployment ? deployment.path("reason") : build.path("failure")).asString("");
    var line =
        "%s: <%s|%s> %s (%.12s)"
            .formatted(
                text(event.path("app").asString("")),
                link(event),
                name,
                what,
                build.path("commit").asString(""));
    return reason.isEmpty() ? line : line + ": " + text(reason);
  }

  /** What Slack would read as markup, or as several lines, is none. */
  private static String text(String text) {
    var line = text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}]+", " ").strip();
    var cut = line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON) + "…";
    return cut.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
