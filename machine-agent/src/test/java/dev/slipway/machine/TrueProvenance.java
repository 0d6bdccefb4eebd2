package dev.slipway.machine;

import dev.slipway.common.artifact.Manifest;
import dev.slipway.common.provenance.Provenance;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an honest worker swears of a build. */
@NullMarked
final class TrueProvenance {
  /** What its builds are built from. */
  static final String REPOSITORY = "https://git.example.com/shop/hello.git";

  private TrueProvenance() {}

  /**
   * Its statement.
   *
   * @param signed the manifest as an object
   */
  static JsonNode of(Manifest manifest, Provenance.Resource signed) {
    var recipe = new Provenance.Recipe("make", "app", "PT30M", List.of(), List.of(), "HOST");
    var parameters =
        new Provenance.Parameters(
            manifest.app().value(),
            REPOSITORY,
            "refs/heads/master",
            manifest.commit().value(),
            recipe);
    var times =
        new Provenance.Metadata(
            manifest.job() + "-" + manifest.attempt(), manifest.builtAt(), manifest.builtAt());
    return JsonMapper.shared()
        .valueToTree(
            new Provenance(
                List.of(Provenance.Resource.of(manifest.fileName(), manifest.sha256()), signed),
                new Provenance.Definition(Provenance.BUILD_TYPE, parameters, Map.of(), List.of()),
                new Provenance.Run(
                    new Provenance.Builder(URI.create(Provenance.BUILDER)), times, List.of())));
  }
}
