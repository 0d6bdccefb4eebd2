package dev.slipway.worker.build;

import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.recipe.Recipe;
import dev.slipway.common.recipe.RecipeParser;
import dev.slipway.worker.job.BuildFailed;
import dev.slipway.worker.job.ClaimedJob;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Finds how to build: the checkout's slipway.yml, else what the app was registered with. */
public final class RecipeSource {
  private static final String FILE = "slipway.yml";

  private RecipeSource() {}

  /**
   * The recipe for a job.
   *
   * @throws BuildFailed when there is none or it is not right; names file, line and key
   */
  public static Recipe read(Path checkout, ClaimedJob job) throws BuildFailed, IOException {
    var file = checkout.resolve(FILE);
    try {
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        return RecipeParser.parse(FILE, text(file));
      }
      var registered = job.recipe();
      if (registered != null) {
        return RecipeParser.parse("the app's recipe", registered);
      }
    } catch (InvalidInput wrong) {
      throw new BuildFailed(String.valueOf(wrong.getMessage()));
    }
    throw new BuildFailed(
        "there is no slipway.yml in the repository's root, and %s was registered without a recipe"
            .formatted(job.app()));
  }

  private static String text(Path file) throws BuildFailed, IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new BuildFailed("slipway.yml must be a regular file, not a link or a folder");
    }
    if (Files.size(file) > RecipeParser.MAX_LENGTH) {
      throw new BuildFailed("slipway.yml must be at most " + RecipeParser.MAX_LENGTH + " bytes");
    }
    try {
      return Files.readString(file);
    } catch (CharacterCodingException notText) {
      throw new BuildFailed("slipway.yml must be text in UTF-8");
    }
  }
}
