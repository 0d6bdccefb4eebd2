package dev.slipway.worker.publish;

import dev.slipway.common.artifact.ArtifactNames;
import dev.slipway.common.artifact.Signer;
import dev.slipway.common.blob.BlobExists;
import dev.slipway.common.blob.BlobStore;
import dev.slipway.common.provenance.Provenance;
import dev.slipway.common.recipe.BuildRecipe;
import dev.slipway.worker.job.ClaimedJob;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** Writes beside each artifact how it came about, signed. */
public final class Provenances {
  private static final Logger log = LoggerFactory.getLogger(Provenances.class);

  private final BlobStore bucket;
  private final Signer signer;
  private final URI builder;
  private final Clock clock;

  /**
   * @param builder whom machines are to know this installation's workers as
   */
  public Provenances(BlobStore bucket, Signer signer, URI builder, Clock clock) {
    this.bucket = bucket;
    this.signer = signer;
    this.builder = builder;
    this.clock = clock;
  }

  /** What came out of a build. */
  record Output(List<Provenance.Resource> subject, List<Provenance.Resource> byproducts) {}

  /**
   * Writes a build's.
   *
   * @param started when its worker began with it
   */
  void write(ClaimedJob job, BuildRecipe recipe, Output output, Instant started)
      throws IOException {
    var run =
        new Provenance.Run(
            new Provenance.Builder(builder),
            new Provenance.Metadata(job.folder(), started, clock.instant()),
            output.byproducts());
    var signed =
        signer.sign(
            Provenance.TYPE, new Provenance(output.subject(), definition(job, recipe), run));
    put(job, JsonMapper.shared().writeValueAsString(signed) + "\n");
  }

  private void put(ClaimedJob job, String line) throws IOException {
    var claim = job.claim();
    var name = ArtifactNames.provenance(job.app(), claim.job(), claim.attempt());
    try {
      bucket.create(name, out -> out.write(line.getBytes(StandardCharsets.UTF_8)));
    } catch (BlobExists written) {
      log.info("{} was written by an earlier try of the same attempt", name);
    }
  }

  private static Provenance.Definition definition(ClaimedJob job, BuildRecipe recipe) {
    var ref = "refs/heads/" + job.branch();
    var commit = job.commit().value();
    return new Provenance.Definition(
        Provenance.BUILD_TYPE,
        new Provenance.Parameters(job.app().value(), job.repository(), ref, commit, recipe(recipe)),
        Map.of("worker", job.claim().worker()),
        List.of(
            new Provenance.Source(
                GitUri.of(job.repository()) + "@" + ref, Map.of("gitCommit", commit))));
  }

  private static Provenance.Recipe recipe(BuildRecipe recipe) {
    return new Provenance.Recipe(
        recipe.command(),
        recipe.artifact(),
        recipe.timeout().toString(),
        recipe.env().keySet().stream().sorted().toList(),
        recipe.labels(),
        recipe.network().name());
  }
}
