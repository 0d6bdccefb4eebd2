package dev.slipway.region.copy;

import dev.slipway.common.access.Secrets;
import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.ArtifactNames;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.blob.BlobInfo;
import dev.slipway.common.blob.BlobStore;
import dev.slipway.common.problem.Problem;
import dev.slipway.common.swarm.Swarm.WebSeed;
import dev.slipway.region.CountedInput;
import dev.slipway.region.OwnAddress;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The home bucket as this process reads it: by few readers at a time, every byte counted. The
 * engine in this process reads it by HTTP on the loopback device, as it can neither sign requests
 * to a bucket nor check certificates.
 */
public final class Origin {
  private static final int PATIENCE_SECONDS = 20;

  private final BlobStore home;
  private final OwnAddress own;
  private final Semaphore readers;
  private final Counter bytes;
  private final String token = Secrets.random();

  /**
   * @param readers at a time
   * @param meters get {@code slipway.origin.bytes}
   */
  public Origin(BlobStore home, OwnAddress own, int readers, MeterRegistry meters) {
    this.home = home;
    this.own = own;
    this.readers = new Semaphore(readers, true);
    this.bytes = meters.counter("slipway.origin.bytes");
  }

  /** Where the engine reads an artifact. */
  WebSeed seedOf(AppName app, Sha256 artifact) {
    return new WebSeed(
        URI.create(own.loopback() + "/origin/artifacts/" + app + "/" + artifact), token);
  }

  boolean admits(String caller) {
    return Secrets.same(token, caller);
  }

  Optional<BlobInfo> stat(AppName app, Sha256 artifact) throws IOException {
    return home.stat(ArtifactNames.artifact(app, artifact));
  }

  /**
   * An artifact's bytes; close them soon, others wait.
   *
   * @throws Problem 503 when too many others read for too long
   */
  InputStream read(AppName app, Sha256 artifact, long offset, long length) throws IOException {
    try {
      if (!readers.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new Problem(503, "origin-busy", "too many read the home bucket");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("stopped while waiting for the home bucket", e);
    }
    try {
      return new Reading(home.read(ArtifactNames.artifact(app, artifact), offset, length));
    } catch (IOException | RuntimeException e) {
      readers.release();
      throw e;
    }
  }

  private final class Reading extends CountedInput {
    private boolean open = true;

    Reading(InputStream in) {
      super(in, bytes::increment);
    }

    @Override
    public void close() throws IOException {
      if (open) {
        open = false;
        readers.release();
      }
      super.close();
    }
  }
}
