package dev.slipway.common.recipe;

import dev.slipway.common.problem.InvalidInput;
import java.io.StringReader;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Reads a slipway.yml strictly: what is not understood is refused with its file, line and key.
 * Nodes are read, never objects, so that no tag can create anything.
 */
public final class RecipeParser {
  /** The longest file, in characters. */
  public static final int MAX_LENGTH = 64 << 10;

  private RecipeParser() {}

  /**
   * The recipe that a text holds.
   *
   * @param file how messages call it
   * @throws InvalidInput as {@code slipway.yml:7: build.comand is not a known key; known are …}
   */
  public static Recipe parse(String file, String text) {
    InvalidInput.unless(
        text.length() <= MAX_LENGTH, file, "must be at most " + MAX_LENGTH + " characters");
    var root = new YamlValue(file, "", rootOf(file, text)).map();
    root.only(List.of("build", "deploy", "run"));
    return new Recipe(
        BuildSection.read(root.required("build").map()),
        root.get("deploy").map(d -> DeploySection.read(d.map())).orElse(DeployRecipe.BY_HAND),
        root.get("run").map(r -> RunSection.read(r.map())).orElse(null));
  }

  private static Node rootOf(String file, String text) {
    var bounds = new LoaderOptions();
    bounds.setCodePointLimit(MAX_LENGTH);
    bounds.setMaxAliasesForCollections(10);
    bounds.setNestingDepthLimit(10);
    try {
      var root = new Yaml(bounds).compose(new StringReader(text));
      InvalidInput.unless(root != null, file + ":1:", "build is missing");
      return root;
    } catch (MarkedYAMLException wrong) {
      var mark = wrong.getProblemMark();
      var line = mark == null ? 1 : mark.getLine() + 1;
      throw new InvalidInput(file + ":" + line + ":", "cannot be read: " + wrong.getProblem());
    } catch (YAMLException wrong) {
      var why = String.valueOf(wrong.getMessage()).lines().findFirst().orElse("");
      throw new InvalidInput(file + ":1:", "cannot be read: " + why);
    }
  }
}
