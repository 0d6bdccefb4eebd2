package dev.slipway.machine.artifact;

import dev.slipway.common.artifact.Manifest;
import dev.slipway.common.machine.Assignment;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.swarm.PieceWish;
import dev.slipway.common.swarm.Swarm;
import dev.slipway.common.swarm.Swarm.Meeting;
import dev.slipway.common.swarm.Swarm.Membership;
import dev.slipway.common.swarm.Swarm.WebSeed;
import dev.slipway.common.swarm.Torrent;
import dev.slipway.machine.file.Durable;
import dev.slipway.machine.region.RegionHttp;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings an artifact's bytes to this machine: by the swarm, or by HTTP where that does not work.
 */
final class Download {
  private static final Logger log = LoggerFactory.getLogger(Download.class);
  private static final Duration STALL = Duration.ofSeconds(30);

  private final Path folder;
  private final Swarms swarms;
  private final HttpDownload http;
  private final RegionHttp region;
  private final String token;
  private final MeterRegistry meters;
  private final Counter fallbacks;

  Download(Path folder, Swarms swarms, RegionHttp region, String token, MeterRegistry meters) {
    this.folder = folder;
    this.swarms = swarms;
    this.http = new HttpDownload(region, STALL);
    this.region = region;
    this.token = token;
    this.meters = meters;
    this.fallbacks = meters.counter("slipway.machine.fallbacks");
  }

  /**
   * Fetches the artifact to {@code file}, whose name is its digest; nothing is checked yet.
   *
   * @return the swarm that it came from, still joined
   */
  Optional<Membership> fetch(Assignment assignment, Manifest manifest, Path file, Progress progress)
      throws IOException, InterruptedException, Refused {
    var swarm = manifest.size() > 0 ? swarms.get() : Optional.<Swarm>empty();
    if (swarm.isPresent()) {
      try {
        return Optional.of(bySwarm(swarm.get(), assignment, manifest, progress));
      } catch (IOException | RuntimeException e) {
        // the engine's own mistakes come as unchecked ones
        fallbacks.increment();
        log.warn(
            "Build {} of {} does not come by the swarm; going on by HTTP",
            manifest.job(),
            manifest.app(),
            e);
      }
    }
    byHttp(assignment, manifest, file, progress);
    return Optional.empty();
  }

  /** Shares a complete file; without an engine nothing is shared. */
  Optional<Membership> share(Assignment assignment, Manifest manifest) throws IOException, Refused {
    var swarm = manifest.size() > 0 ? swarms.get() : Optional.<Swarm>empty();
    return swarm.isEmpty()
        ? Optional.empty()
        : Optional.of(swarm.get().share(torrent(manifest), folder, meeting(assignment)));
  }

  private Membership bySwarm(
      Swarm swarm, Assignment assignment, Manifest manifest, Progress progress)
      throws IOException, InterruptedException, Refused {
    var torrent = torrent(manifest);
    var membership = swarm.join(torrent, folder, meeting(assignment));
    var dealt = dealt(torrent, membership, assignment);
    try {
      progress.follow(membership::bytesDone);
      membership.await(STALL);
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
    http.fetch(assignment.artifact(), part, manifest.size(), progress::at);
    Durable.move(part, file);
  }

  /** Where HTTP's bytes gather: as many as it is long. */
  static Path part(Path file) {
    return file.resolveSibling(file.getFileName() + ".part");
  }

  /** Pieces from a region that deals them; one that does not is a web seed. */
  private Optional<DealtPieces> dealt(
      Torrent torrent, Membership membership, Assignment assignment) {
    return isDealt(assignment)
        ? Optional.of(
            new DealtPieces(torrent, membership, region, assignment.artifact(), meters).start())
        : Optional.empty();
  }

  private Meeting meeting(Assignment assignment) {
    var seeds =
        isDealt(assignment)
            ? List.<WebSeed>of()
            : List.of(new WebSeed(assignment.artifact(), token));
    return new Meeting(List.of(assignment.announce()), seeds);
  }

  private static boolean isDealt(Assignment assignment) {
    return PieceWish.isDealt(assignment.announce().toString());
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
