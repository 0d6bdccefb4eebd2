package dev.slipway.queue.app;

import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.recipe.RecipeParser;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants an app to be. It replaces what was there, but for the secret, which nobody
 * can read and send again.
 *
 * @param repository see {@link RepositoryAddress}
 * @param branch whose pushes are built; default master
 * @param webhookSecret 16 to 200 characters; default: the one there is, or a new one
 * @param recipe a slipway.yml for a repository without one
 */
public record Registration(
    @Nullable String repository,
    @Nullable String branch,
    @Nullable String webhookSecret,
    @Nullable String recipe) {

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
  }

  /** What git accepts, a little narrower. */
  private static boolean isBranch(String name) {
    return name.matches("[\\p{L}\\p{N}_][\\p{L}\\p{N}._/+@#-]{0,199}")
        && !name.matches(".*(\\.\\.|//|/\\.|\\.lock(/|$)).*")
        && !name.matches(".*[./]");
  }

  String branchOrDefault() {
    return branch == null ? "master" : branch;
  }
}
