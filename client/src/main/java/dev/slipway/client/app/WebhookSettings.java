package dev.slipway.client.app;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** What is to be entered at a forge, so that builds begin at once. */
final class WebhookSettings {
  private WebhookSettings() {}

  /**
   * The settings, a line each.
   *
   * @param app as build-queue-service answered
   * @param queue build-queue-service's address
   */
  static List<String> of(JsonNode app, URI queue) {
    var forge = forgeOf(app.path("repository").asString());
    var lines = new ArrayList<String>();
    lines.add("Webhook, to be entered at the forge:");
    if (forge.isEmpty()) {
      app.path("webhooks")
          .properties()
          .forEach(each -> lines.add(url(each.getKey(), queue, each.getValue().asString())));
    } else {
      lines.add(url("URL", queue, app.path("webhooks").path(forge).asString()));
    }
    lines.add("  content type  application/json");
    lines.add("  events        push");
    lines.add(
        "  secret        "
            + app.path("webhookSecret").asString("as it was shown when the app was registered"));
    if (List.of("127.0.0.1", "localhost", "[::1]").contains(queue.getHost())) {
      lines.add("The forge must reach that address: put a proxy that ends TLS in front of it.");
    }
    lines.add("Until then the branch is compared every few minutes, so no push is lost.");
    return lines;
  }

  private static String url(String label, URI queue, String path) {
    return "  %-12s  %s%s".formatted(label, queue.toString().replaceAll("/+$", ""), path);
  }

  /** By its host's name; empty where that tells nothing. */
  private static String forgeOf(String repository) {
    var address = repository.toLowerCase(Locale.ROOT);
    for (var forge : List.of("github", "gitlab", "bitbucket", "gitea")) {
      if (address.contains(forge)) {
        return forge;
      }
    }
    return address.contains("forgejo") || address.contains("codeberg") ? "gitea" : "";
  }
}
