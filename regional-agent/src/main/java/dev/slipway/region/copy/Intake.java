package dev.slipway.region.copy;

import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.ArtifactNames;
import dev.slipway.common.blob.BlobStore;
import dev.slipway.common.target.Release;
import dev.slipway.region.cache.ArtifactCache;
import java.io.IOException;

/** Takes what the region's bucket holds into this agent's cache, where it is shared. */
public final class Intake {
  private final ArtifactCache cache;
  private final BlobStore own;
  private final SignedManifests manifests;

  /**
   * @param own the region's bucket
   * @param manifests those in it
   */
  public Intake(ArtifactCache cache, BlobStore own, SignedManifests manifests) {
    this.cache = cache;
    this.own = own;
    this.manifests = manifests;
  }

  /** Whether a release is in the cache. */
  boolean has(Release release) {
    return release.size() == 0 || cache.file(release.sha256()).isPresent();
  }

  /** Takes a release in, unless it is here. */
  void take(AppName app, Release release) throws IOException, InterruptedException {
    if (!has(release)) {
      var torrent = Transport.torrentOf(manifests.read(release.manifest()).manifest());
      var name = ArtifactNames.artifact(app, release.sha256());
      cache.take(torrent, () -> own.read(name, 0, release.size()));
    }
  }
}
