package dev.slipway.client.app;

import dev.slipway.client.context.Connection;
import dev.slipway.client.text.Output;
import dev.slipway.common.app.AppName;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.problem.Problem;
import dev.slipway.common.recipe.RecipeParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Makes an app of a clone. */
@Command(
    name = "init",
    description = {
      "Makes an app of the clone in this folder: writes a slipway.yml to begin with, registers",
      "the repository, and tells what to enter at the forge. Again it changes nothing."
    })
public final class AppInit implements Callable<Integer> {
  private static final String RECIPE = "slipway.yml";

  @Mixin private Connection connection = new Connection();
  @Mixin private Output output = new Output();

  @Parameters(
      arity = "0..1",
      paramLabel = "APP",
      description = "What to call it (default: as the repository).")
  private @Nullable AppName named;

  @Option(
      names = "--repository",
      paramLabel = "ADDRESS",
      description = "Where Slipway clones from (default: git's remote origin).")
  private @Nullable String repository;

  @Option(
      names = "--branch",
      description = "Whose pushes are built (default: the remote's own branch).")
  private @Nullable String branch;

  @Option(names = "--force", description = "Write slipway.yml anew where there is one.")
  private boolean force;

  @Override
  public Integer call() throws IOException, InterruptedException {
    var git = new Git(Path.of("").toAbsolutePath());
    var folder =
        git.top()
            .orElseThrow(
                () -> new InvalidInput("this folder", "must be a clone of a git repository"));
    var address =
        repository != null
            ? repository
            : git.remote()
                .orElseThrow(() ->
                    new InvalidInput(
                        "--repository", "must be given, as git knows no remote origin"));
    var name = named != null ? named : new AppName(Git.nameOf(address));
    writeRecipe(folder);
    var wanted = branch != null ? branch : git.branch().orElse("master");
    WebhookSettings.of(register(name, address, wanted), connection.queue().base())
        .forEach(output::line);
    output.line("Then commit " + RECIPE + " and push to " + wanted + ".");
    return 0;
  }

  private void writeRecipe(Path folder) throws IOException {
    var file = folder.resolve(RECIPE);
    if (Files.exists(file) && !force) {
      RecipeParser.parse(RECIPE, Files.readString(file));
      output.line(RECIPE + " is there and right; it stays as it is.");
      return;
    }
    var kit = Kit.of(folder);
    var recipe = kit.recipe();
    RecipeParser.parse(RECIPE, recipe);
    if (force) {
      Files.writeString(file, recipe);
    } else {
      // not over one that came meanwhile
      Files.writeString(file, recipe, StandardOpenOption.CREATE_NEW);
    }
    output.line("Wrote %s for %s; look it through.".formatted(RECIPE, kit.name()));
  }

  private JsonNode register(AppName name, String address, String wanted)
      throws IOException, InterruptedException {
    var known = known(name);
    if (known != null) {
      var builds = known.path("repository").asString();
      if (!builds.equals(address)) {
        throw Problem.conflict(
            "app-taken", "app %s builds %s; give another name".formatted(name, builds));
      }
      output.line("App %s is registered already; it stays as it is.".formatted(name));
      return known;
    }
    var made =
        connection
            .queue()
            .put("/api/v1/apps/" + name, Map.of("repository", address, "branch", wanted));
    output.line("Registered app %s: %s, branch %s.".formatted(name, address, wanted));
    return made;
  }

  private @Nullable JsonNode known(AppName name) throws IOException, InterruptedException {
    try {
      return connection.queue().get("/api/v1/apps/" + name);
    } catch (Problem answered) {
      if (answered.status() == 404) {
        return null;
      }
      throw answered;
    }
  }
}
