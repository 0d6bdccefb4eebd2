package dev.slipway.bench.machine;

import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.ArtifactNames;
import dev.slipway.common.artifact.SigningKey;
import dev.slipway.common.artifact.TrustedKeys;
import dev.slipway.common.blob.FolderBlobStore;
import dev.slipway.common.job.Claim;
import dev.slipway.common.job.CommitSha;
import dev.slipway.common.recipe.RecipeParser;
import dev.slipway.common.target.Release;
import dev.slipway.worker.job.ClaimedJob;
import dev.slipway.worker.publish.Publisher;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Random;

/** The bucket, with one build in it as a worker publishes it: a file that is only put there. */
public final class Bucket {
  public static final AppName APP = new AppName("bench");

  /** What the file is called in the checkout and in a release. */
  static final String FILE = "artifact";

  private static final Clock CLOCK = Clock.systemUTC();
  private static final int BUILD = 1;
  private static final int BLOCK = 10_000_000;

  private final Path folder;
  private final FolderBlobStore store;
  private final SigningKey.PemPair pair = SigningKey.generate();

  public Bucket(Path folder) throws IOException {
    this.folder = folder;
    this.store = new FolderBlobStore(folder);
  }

  /** Where it is. */
  public Path folder() {
    return folder;
  }

  /** What its manifests are checked with, PEM. */
  public String publicKey() {
    return pair.publicKey();
  }

  /**
   * Publishes random bytes, which nothing on their way can make fewer.
   *
   * @param checkout is made for it, and empty afterwards
   */
  public Release publish(Path checkout, long bytes) throws Exception {
    Files.createDirectories(checkout);
    var file = checkout.resolve(FILE);
    makeFile(file, bytes);
    var recipe =
        RecipeParser.parse(
            "slipway.yml", "build: {command: \"true\", artifact: %s}".formatted(FILE));
    var job =
        new ClaimedJob(
            new Claim(BUILD, 1, "bench"), APP, new CommitSha("a".repeat(40)), "", "main", null);
    var key = SigningKey.of(TrustedKeys.idOf(pair.publicKey()), pair.privateKey());
    var published =
        new Publisher(store, key, CLOCK)
            .publish(job, recipe, checkout.toRealPath(), CLOCK.instant());
    Files.delete(file);
    return new Release(BUILD, published.sha256(), published.size(), published.manifest());
  }

  private static void makeFile(Path file, long size) throws IOException {
    var block = new byte[BLOCK];
    var random = new Random(1);
    try (var out =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (var written = 0L; written < size; written += BLOCK) {
        random.nextBytes(block);
        out.write(ByteBuffer.wrap(block));
      }
    }
  }

  /** The artifact's file. */
  Path file(Release release) {
    return folder.resolve(ArtifactNames.artifact(APP, release.sha256()));
  }
}
