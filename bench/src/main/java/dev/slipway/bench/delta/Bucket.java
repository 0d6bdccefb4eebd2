package dev.slipway.bench.delta;

import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.ArtifactNames;
import dev.slipway.common.artifact.SigningKey;
import dev.slipway.common.artifact.TrustedKeys;
import dev.slipway.common.blob.FolderBlobStore;
import dev.slipway.common.job.Claim;
import dev.slipway.common.job.CommitSha;
import dev.slipway.common.recipe.BuildRecipe;
import dev.slipway.common.recipe.DeployRecipe;
import dev.slipway.common.recipe.Recipe;
import dev.slipway.common.target.Release;
import dev.slipway.worker.job.BuildFailed;
import dev.slipway.worker.job.ClaimedJob;
import dev.slipway.worker.publish.Publisher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The bucket, with builds in it as a worker publishes them. */
final class Bucket {
  private static final Clock CLOCK = Clock.systemUTC();

  static final AppName APP = new AppName("delta");

  private final Path folder;
  private final FolderBlobStore store;
  private final SigningKey.PemPair pair = SigningKey.generate();

  Bucket(Path folder) throws IOException {
    this.folder = folder;
    this.store = new FolderBlobStore(folder);
  }

  Path folder() {
    return folder;
  }

  String publicKey() {
    return pair.publicKey();
  }

  /** Packs and publishes the content of a checkout as a build. */
  Release publish(long build, Path checkout) throws IOException, BuildFailed {
    var key = SigningKey.of(TrustedKeys.idOf(pair.publicKey()), pair.privateKey());
    var recipe =
        new Recipe(
            new BuildRecipe(
                "true",
                Content.NAME,
                Duration.ofMinutes(1),
                Map.of(),
                List.of(),
                BuildRecipe.Network.HOST),
            DeployRecipe.BY_HAND,
            null);
    var job =
        new ClaimedJob(
            new Claim(build, 1, "bench"), APP, new CommitSha("a".repeat(40)), "", "main", null);
    var published =
        new Publisher(store, key, CLOCK)
            .publish(job, recipe, checkout.toRealPath(), CLOCK.instant());
    return new Release(build, published.sha256(), published.size(), published.manifest());
  }

  /** The artifact's file. */
  Path file(Release release) {
    return folder.resolve(ArtifactNames.artifact(APP, release.sha256()));
  }

  void forget(Release release) throws IOException {
    store.delete(ArtifactNames.artifact(APP, release.sha256()));
    store.delete(ArtifactNames.blocks(APP, release.sha256()));
    Files.deleteIfExists(folder.resolve(release.manifest()));
  }
}
