package dev.slipway.machine.artifact;

import dev.slipway.common.artifact.Manifest;
import dev.slipway.common.machine.Assignment;
import dev.slipway.common.machine.Limits;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.swarm.Swarm;
import dev.slipway.common.swarm.Swarm.Meeting;
import dev.slipway.common.swarm.Swarm.Membership;
import dev.slipway.common.swarm.Torrent;
import dev.slipway.machine.file.Durable;
import dev.slipway.machine.region.RegionHttp;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings an artifact's bytes to this machine: by the swarm, or by HTTP where that does not work.
 */
final class Download {
  private static final Logger log = LoggerFactory.getLogger(Download.class);
  private static final Duration STALL = Duration.ofSeconds(30);

  /** Bytes of the smallest artifact that a swarm is for: a smaller one is here before peers meet. */
  static final long SMALLEST = 1 << 20;

  /** What lacks of a file that is there in part. */
  @FunctionalInterface
  interface Rest {
    /** Whether all of it came. */
    boolean comesByRanges() throws InterruptedException;
  }

  private final Path folder;
  private final Swarms swarms;
  private final HttpDownload http;
  private final RegionHttp region;
  private final Passes passes;
  private final MeterRegistry meters;
  private final Counter fallbacks;

  Download(Path folder, Swarms swarms, RegionHttp region, Passes passes, MeterRegistry meters) {
    this.folder = folder;
    this.swarms = swarms;
    this.http = new HttpDownload(region, STALL);
    this.region = region;
    this.passes = passes;
    this.meters = meters;
    this.fallbacks = meters.counter("slipway.machine.fallbacks");
  }

  /** Bounds what passes from now on: by the swarm, and by HTTP for all who read of the region. */
  void keepTo(Limits limits) {
    swarms.limit(limits);
    region.limit(limits.downloadBytesPerSecond());
  }

  /**
   * Fetches the artifact to {@code file}, whose name is its digest; nothing is checked yet.
   *
   * @param rest asked when a swarm gave up half-way
   * @return the swarm that it came from, still joined
   */
  Optional<Membership> fetch(
      Assignment assignment, Manifest manifest, Path file, Progress progress, Rest rest)
      throws IOException, InterruptedException, Refused {
    if (canShare(manifest)) {
      try {
        return Optional.of(bySwarm(assignment, manifest, progress));
      } catch (IOException | RuntimeException e) {
        // the engine's own mistakes come as unchecked ones
        fallbacks.increment();
        log.warn(
            "Build {} of {} does not come by the swarm; going on by HTTP",
            manifest.job(),
            manifest.app(),
            e);
        if (rest.comesByRanges()) {
          return Optional.empty();
        }
      }
    }
    byHttp(assignment, manifest, file, progress);
    return Optional.empty();
  }

  /** Bytes of the pieces that the swarm brings; none where there is no swarm. */
  OptionalLong piece(Manifest manifest) throws Refused {
    return canShare(manifest)
        ? OptionalLong.of(torrent(manifest).pieceLength())
        : OptionalLong.empty();
  }

  /** Shares a complete file; without an engine nothing is shared. */
  Optional<Membership> share(Assignment assignment, Manifest manifest)
      throws IOException, InterruptedException, Refused {
    if (!canShare(manifest)) {
      return Optional.empty();
    }
    var meeting = passes.ask(assignment);
    return Optional.of(swarm(meeting).share(torrent(manifest), folder, meeting));
  }

  /** Goes on sharing with what admits this machine from now on. */
  void renew(Membership membership, Assignment assignment)
      throws IOException, InterruptedException {
    var meeting = passes.ask(assignment);
    membership.announceAt(meeting.trackers());
    if (meeting.credential() != null) {
      membership.show(meeting.credential());
    }
  }

  private boolean canShare(Manifest manifest) {
    return manifest.size() >= SMALLEST && swarms.isAvailable();
  }

  private Swarm swarm(Meeting meeting) throws IOException {
    return swarms
        .get(meeting.credential() != null)
        .orElseThrow(() -> new IOException("there is no engine"));
  }

  private Membership bySwarm(Assignment assignment, Manifest manifest, Progress progress)
      throws IOException, InterruptedException, Refused {
    var torrent = torrent(manifest);
    var meeting = passes.ask(assignment);
    var membership = swarm(meeting).join(torrent, folder, meeting);
    var dealt = dealt(torrent, membership, assignment, meeting, progress);
    try {
      progress.follow(membership::bytesDone, membership::limit);
      membership.await(STALL);
      moved("swarm", membership.bytesReceived());
      return membership;
    } catch (IOException | InterruptedException | RuntimeException e) {
      membership.close();
      throw e;
    } finally {
      dealt.ifPresent(DealtPieces::close);
      progress.unfollow();
    }
  }

  private void byHttp(Assignment assignment, Manifest manifest, Path file, Progress progress)
      throws IOException, InterruptedException {
    // not the swarm's file: that one has holes, so its length says nothing
    var part = part(file);
    http.fetch(assignment.artifact(), part, manifest.size(), progress::read);
    moved("region-http", manifest.size());
    Durable.move(part, file);
  }

  private void moved(String source, long bytes) {
    meters.counter("slipway.machine.bytes", "source", source).increment((double) bytes);
  }

  /** Where HTTP's bytes gather: as many as it is long. */
  static Path part(Path file) {
    return file.resolveSibling(file.getFileName() + ".part");
  }

  /** Pieces from a region that deals them; one that does not is a web seed. */
  private Optional<DealtPieces> dealt(
      Torrent torrent,
      Membership membership,
      Assignment assignment,
      Meeting meeting,
      Progress progress) {
    if (!meeting.webSeeds().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new DealtPieces(torrent, membership, region, assignment.artifact(), progress::pace, meters)
            .start());
  }

  private static Torrent torrent(Manifest manifest) throws Refused {
    try {
      var torrent = Torrent.parse(Base64.getDecoder().decode(manifest.torrentInfo()));
      // the name is a path below our folder
      InvalidInput.unless(
          torrent.name().equals(manifest.sha256().value()) && torrent.size() == manifest.size(),
          "torrent",
          "must be named by the artifact's sha256 and of its size");
      return torrent;
    } catch (IllegalArgumentException e) {
      throw new Refused("the manifest's torrent is refused: " + e.getMessage());
    }
  }
}
