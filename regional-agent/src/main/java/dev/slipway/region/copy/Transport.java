package dev.slipway.region.copy;

import dev.slipway.common.artifact.Manifest;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.replica.Replication;
import dev.slipway.common.swarm.Swarm.Meeting;
import dev.slipway.common.swarm.Torrent;
import dev.slipway.region.CountedInput;
import dev.slipway.region.cache.ArtifactCache;
import dev.slipway.region.cache.DigestMismatch;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings an artifact over the wide area: what the release before does not have of it, from the
 * swarm of all regions, with the home bucket as web seed; where there is no swarm, or it stalls,
 * from the home bucket alone.
 */
public final class Transport {
  private static final Logger log = LoggerFactory.getLogger(Transport.class);

  private final ArtifactCache cache;
  private final Origin origin;
  private final Delta delta;
  private final Duration stall;
  private final Counter shared;
  private final Counter direct;

  /**
   * @param stall the longest time without a byte in the swarm
   * @param meters get {@code slipway.replication.fetches} by path
   */
  public Transport(
      ArtifactCache cache, Origin origin, Delta delta, Duration stall, MeterRegistry meters) {
    this.cache = cache;
    this.origin = origin;
    this.delta = delta;
    this.stall = stall;
    this.shared = meters.counter("slipway.replication.fetches", "path", "swarm");
    this.direct = meters.counter("slipway.replication.fetches", "path", "direct");
  }

  /**
   * Where the artifact can be read now.
   *
   * @param moved is increased by the bytes that came or will come over the wide area for it
   * @throws DigestMismatch when what came was not the artifact
   */
  ArtifactCache.Source bring(Replication wanted, Manifest manifest, AtomicLong moved)
      throws IOException, InterruptedException {
    if (cache.file(wanted.sha256()).isEmpty()) {
      if (!cache.hasSwarm() || wanted.size() == 0) {
        return directly(wanted, moved);
      }
      try {
        var torrent = torrentOf(manifest);
        cache.fetch(
            torrent,
            meeting(wanted),
            stall,
            file -> delta.fill(manifest, torrent.pieceLength(), file, moved),
            moved);
      } catch (DigestMismatch wrong) {
        throw wrong;
      } catch (IOException e) {
        log.warn("The swarm did not bring {}: {}", wanted.sha256(), e.toString());
        return directly(wanted, moved);
      }
    }
    var file = cache.file(wanted.sha256());
    if (file.isEmpty()) {
      return directly(wanted, moved);
    }
    shared.increment();
    return () -> Files.newInputStream(file.get());
  }

  /** Throws away what is here of an artifact: it is something else. */
  void distrust(Sha256 artifact) throws IOException {
    cache.drop(artifact);
  }

  private Meeting meeting(Replication wanted) {
    return new Meeting(
        List.of(wanted.announce()), List.of(origin.seedOf(wanted.app(), wanted.sha256())));
  }

  private ArtifactCache.Source directly(Replication wanted, AtomicLong moved) {
    direct.increment();
    return () ->
        new CountedInput(
            origin.read(wanted.app(), wanted.sha256(), 0, wanted.size()), moved::addAndGet);
  }

  /** A manifest's torrent, which must be of its artifact. */
  static Torrent torrentOf(Manifest manifest) {
    try {
      var torrent = Torrent.parse(Base64.getDecoder().decode(manifest.torrentInfo()));
      InvalidInput.unless(
          new Sha256(torrent.name()).equals(manifest.sha256()) && torrent.size() == manifest.size(),
          "torrentInfo",
          "must be of the manifest's artifact");
      return torrent;
    } catch (InvalidInput refused) {
      throw refused;
    } catch (IllegalArgumentException e) {
      throw new InvalidInput("torrentInfo", "must be in base64");
    }
  }
}
