package dev.slipway.region.cache;

import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.swarm.Swarm;
import dev.slipway.common.swarm.Swarm.Meeting;
import dev.slipway.common.swarm.Torrent;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Artifacts on this agent's disk, bounded in bytes: fetched once, served to machines, shared with
 * the swarm for as long as there is room.
 */
public final class ArtifactCache {
  private static final Logger log = LoggerFactory.getLogger(ArtifactCache.class);
  private static final Meeting RESIDENT = new Meeting(List.of(), List.of());

  /** Where an artifact's bytes can be read. */
  @FunctionalInterface
  public interface Source {
    InputStream open() throws IOException;
  }

  /** Writes what it can of an artifact's file before the swarm looks at it; never fails. */
  @FunctionalInterface
  public interface Prefill {
    void into(Path file) throws InterruptedException;
  }

  private final CacheFolder folder;
  private final Shelf shelf;
  private final @Nullable Swarm swarm;

  /**
   * @param limit bytes
   * @param needed artifacts that are never thrown away
   * @param swarm none where the engine is not available
   */
  public ArtifactCache(
      Path path,
      long limit,
      Supplier<Set<Sha256>> needed,
      @Nullable Swarm swarm,
      MeterRegistry meters)
      throws IOException {
    this.folder = new CacheFolder(path);
    this.shelf = new Shelf(folder, limit, needed);
    this.swarm = swarm;
    meters.gauge("slipway.cache.bytes", shelf, Shelf::bytes);
  }

  /** A complete, checked artifact's file; it may be thrown away at any time. */
  public Optional<Path> file(Sha256 artifact) {
    return shelf.isComplete(artifact) ? Optional.of(folder.file(artifact)) : Optional.empty();
  }

  /** Whether machines can get an artifact from this agent by the swarm. */
  public boolean shares(Sha256 artifact) {
    return shelf.isShared(artifact);
  }

  public boolean hasSwarm() {
    return swarm != null;
  }

  /** Checks and shares again what an earlier process left complete. */
  public void reopen() throws InterruptedException {
    for (var artifact : shelf.artifacts()) {
      try {
        var torrent = folder.torrent(artifact);
        if (torrent.isPresent() && shelf.reserve(artifact, torrent.get().size())) {
          fill(artifact, () -> checkAndShare(torrent.get(), artifact));
        }
      } catch (IOException | RuntimeException e) {
        log.warn("A cached artifact could not be used again: {}", artifact, e);
      }
    }
  }

  /**
   * Fetches an artifact by the swarm and goes on sharing it.
   *
   * @param stall the longest time without a byte
   * @param prefill called once there is room; what it wrote is not trusted
   * @param received is increased by the bytes that arrived, whether or not it succeeds
   * @throws DigestMismatch when the whole is not the artifact; it is gone then
   * @throws NoRoom when the cache cannot take it
   */
  public void fetch(
      Torrent torrent, Meeting meeting, Duration stall, Prefill prefill, AtomicLong received)
      throws IOException, InterruptedException {
    if (swarm == null) {
      throw new IOException("there is no swarm on this platform");
    }
    var artifact = new Sha256(torrent.name());
    if (shelf.isComplete(artifact)) {
      return;
    }
    reserve(artifact, torrent.size());
    fill(
        artifact,
        () -> {
          prefill.into(folder.file(artifact));
          return download(swarm.join(torrent, folder.path(), meeting), torrent, stall, received);
        });
  }

  private Swarm.Membership download(
      Swarm.Membership membership, Torrent torrent, Duration stall, AtomicLong received)
      throws IOException, InterruptedException {
    var artifact = new Sha256(torrent.name());
    try {
      try {
        membership.await(stall);
      } finally {
        received.addAndGet(membership.bytesReceived());
      }
      folder.check(artifact);
      folder.complete(artifact, torrent);
      return membership;
    } catch (IOException | RuntimeException | InterruptedException e) {
      membership.close();
      throw e;
    }
  }

  /**
   * Takes an artifact from elsewhere and shares it; does nothing when it is here.
   *
   * @throws DigestMismatch when it is not the artifact
   * @throws NoRoom when the cache cannot take it
   */
  public void take(Torrent torrent, Source source) throws IOException, InterruptedException {
    var artifact = new Sha256(torrent.name());
    if (shelf.isComplete(artifact)) {
      return;
    }
    reserve(artifact, torrent.size());
    fill(
        artifact,
        () -> {
          var part = folder.part(artifact);
          try (var in = source.open();
              var out = Files.newOutputStream(part)) {
            Digests.copy(in, out, artifact);
          } catch (IOException e) {
            Files.deleteIfExists(part);
            throw e;
          }
          Files.move(part, folder.file(artifact), StandardCopyOption.ATOMIC_MOVE);
          folder.complete(artifact, torrent);
          return share(torrent);
        });
  }

  /**
   * Reads a complete artifact again and throws it away when it has changed.
   *
   * @return false when it was thrown away
   */
  public boolean recheck(Sha256 artifact) throws IOException {
    if (!shelf.isComplete(artifact)) {
      return true;
    }
    try {
      folder.check(artifact);
      return true;
    } catch (DigestMismatch | NoSuchFileException wrong) {
      shelf.drop(artifact);
      return false;
    }
  }

  /** Throws an artifact away, unless somebody is filling it just now. */
  public void drop(Sha256 artifact) throws IOException {
    if (shelf.isComplete(artifact)) {
      shelf.drop(artifact);
    }
  }

  /**
   * Reads the artifact again that was not read for longest, as disks forget.
   *
   * @throws DigestMismatch when it has become something else; it is gone then
   */
  public void recheck() throws IOException {
    var artifact = shelf.longestUnchecked();
    if (artifact != null) {
      try {
        folder.check(artifact);
      } catch (DigestMismatch | NoSuchFileException wrong) {
        drop(artifact);
        throw wrong;
      }
    }
  }

  private void reserve(Sha256 artifact, long size) throws IOException {
    if (!shelf.reserve(artifact, size)) {
      throw new IOException(artifact + " is being fetched already");
    }
  }

  private Swarm.@Nullable Membership checkAndShare(Torrent torrent, Sha256 artifact)
      throws IOException {
    folder.check(artifact);
    return share(torrent);
  }

  private Swarm.@Nullable Membership share(Torrent torrent) throws IOException {
    return swarm == null ? null : swarm.share(torrent, folder.path(), RESIDENT);
  }

  @FunctionalInterface
  private interface Filling {
    Swarm.@Nullable Membership fill() throws IOException, InterruptedException;
  }

  /** Ends a reservation, whatever happens. */
  private void fill(Sha256 artifact, Filling filling) throws IOException, InterruptedException {
    try {
      shelf.filled(artifact, filling.fill());
    } catch (DigestMismatch wrong) {
      shelf.drop(artifact);
      throw wrong;
    } catch (IOException | RuntimeException | InterruptedException e) {
      shelf.stopped(artifact);
      throw e;
    }
  }
}
