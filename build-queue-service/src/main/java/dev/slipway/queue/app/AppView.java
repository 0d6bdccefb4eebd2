package dev.slipway.queue.app;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.common.app.App;
import dev.slipway.common.app.Builds;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An app as callers see it.
 *
 * @param webhooks the path of the webhook for each forge
 * @param webhookSecret shown once, to who registered the app without a secret of their own
 * @param pinnedAt since when auto-deploy is off
 */
public record AppView(
    String name,
    String repository,
    String branch,
    @Nullable String recipe,
    Builds builds,
    int maxAttempts,
    boolean retryFailures,
    int keepBuilds,
    Map<String, String> webhooks,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String webhookSecret,
    @Nullable Instant pinnedAt,
    @Nullable String pinnedBy,
    Instant createdAt) {

  private static final Map<String, String> WEBHOOKS =
      Map.of(
          "github",
          "/webhooks/github",
          "gitlab",
          "/webhooks/gitlab",
          "gitea",
          "/webhooks/gitea",
          "bitbucket",
          "/webhooks/bitbucket");

  static AppView of(App app, @Nullable String newSecret) {
    return new AppView(
        app.name(),
        app.repository(),
        app.branch(),
        app.recipe(),
        app.options().builds(),
        app.options().maxAttempts(),
        app.options().retryFailures(),
        app.options().keepBuilds(),
        WEBHOOKS,
        newSecret,
        app.pinnedAt(),
        app.pinnedBy(),
        app.createdAt());
  }
}
