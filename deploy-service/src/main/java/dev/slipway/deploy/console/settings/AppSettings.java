package dev.slipway.deploy.console.settings;

import dev.slipway.common.app.BuildOptions;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is set of an app.
 *
 * @param recipe the text of a slipway.yml for a repository without one
 * @param needsApproval whether its deployments wait for a second person
 * @param pinnedBy who has put auto-deploy off; none where it is on
 */
public record AppSettings(
    String name,
    String repository,
    String branch,
    @Nullable String recipe,
    BuildOptions options,
    boolean needsApproval,
    @Nullable String pinnedBy,
    Instant createdAt) {}
