package dev.slipway.queue.app;

import dev.slipway.common.app.BuildOptions;
import dev.slipway.common.app.Builds;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.recipe.RecipeParser;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants an app to be. It replaces what was there, but for the secret, which nobody
 * can read and send again.
 *
 * @param repository see {@link RepositoryAddress}
 * @param branch whose pushes are built; default master
 * @param webhookSecret 16 to 200 characters; default: the one there is, or a new one
 * @param recipe a slipway.yml for a repository without one
 * @param builds every push, or the latest: then a push cancels builds that still wait; default
 *     every
 * @param maxAttempts how often a build is tried when its workers are lost, 1 to 10; default 3
 * @param retryFailures whether a build's own failure is tried again as well; default false
 * @param keepBuilds how many of the newest builds are kept besides those in use, 1 to 1,000;
 *     default 20
 */
@Schema(
    example =
        """
        {"repository": "https://git.example.com/ann/hello.git", "branch": "master"}\
        """)
public record Registration(
    @Nullable String repository,
    @Nullable String branch,
    @Nullable String webhookSecret,
    @Nullable String recipe,
    @Nullable Builds builds,
    @Nullable Integer maxAttempts,
    @Nullable Boolean retryFailures,
    @Nullable Integer keepBuilds) {

  public Registration {
    InvalidInput.unless(
        webhookSecret == null || webhookSecret.matches("[\\x21-\\x7e]{16,200}"),
        "webhookSecret",
        "must be 16 to 200 ASCII characters without blanks");
    InvalidInput.unless(
        branch == null || isBranch(branch),
        "branch",
        "must be a branch's name of 1 to 200 characters");
    if (recipe != null) {
      RecipeParser.parse("recipe", recipe);
    }
    options(builds, maxAttempts, retryFailures, keepBuilds);
  }

  /** What git accepts, a little narrower. */
  private static boolean isBranch(String name) {
    return name.matches("[\\p{L}\\p{N}_][\\p{L}\\p{N}._/+@#-]{0,199}")
        && !name.matches(".*(\\.\\.|//|/\\.|\\.lock(/|$)).*")
        && !name.matches(".*[./]");
  }

  /** What is left out is as an app has it that says nothing. */
  BuildOptions options() {
    return options(builds, maxAttempts, retryFailures, keepBuilds);
  }

  private static BuildOptions options(
      @Nullable Builds builds,
      @Nullable Integer maxAttempts,
      @Nullable Boolean retryFailures,
      @Nullable Integer keepBuilds) {
    var usual = BuildOptions.DEFAULT;
    return new BuildOptions(
        builds == null ? usual.builds() : builds,
        maxAttempts == null ? usual.maxAttempts() : maxAttempts,
        retryFailures == null ? usual.retryFailures() : retryFailures,
        keepBuilds == null ? usual.keepBuilds() : keepBuilds);
  }

  String branchOrDefault() {
    return branch == null ? "master" : branch;
  }
}
