package dev.slipway.machine.artifact;

import dev.slipway.common.artifact.Manifest;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.machine.Assignment;
import dev.slipway.common.machine.Limits;
import dev.slipway.machine.file.Durable;
import dev.slipway.machine.region.RegionHttp;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The artifacts on this machine, each a file named by its digest, kept and shared while a release
 * needs it. A file is handed out only after its whole digest was checked against a signed manifest.
 */
public final class Artifacts {
  private static final Logger log = LoggerFactory.getLogger(Artifacts.class);
  private static final String COMPLETE = ".complete";
  private static final long SPARE = 64L << 20;

  private final Path folder;
  private final Download download;
  private final Delta delta;
  private final Counter mismatches;
  private final Map<Sha256, Held> artifacts = new ConcurrentHashMap<>();

  public Artifacts(
      Path folder,
      Swarms swarms,
      RegionHttp region,
      String zone,
      String token,
      MeterRegistry meters) {
    this.folder = folder;
    this.download = new Download(folder, swarms, region, new Passes(region, zone, token), meters);
    this.delta = new Delta(region, meters);
    this.mismatches = meters.counter("slipway.machine.digest.mismatches");
  }

  /** Bounds what artifacts take of the network, all together, from now on. */
  public void keepTo(Limits limits) {
    download.keepTo(limits);
  }

  /** Says that a release needs its artifact, so that it stays. */
  public void hold(Assignment release) {
    artifacts.compute(
        release.release().sha256(),
        (digest, held) -> {
          var kept = held == null ? new Held() : held;
          kept.add(holder(release));
          return kept;
        });
  }

  /**
   * The checked file of an artifact that is held, downloaded if need be.
   *
   * @throws IOException when it could not be had or is not what was signed; try again later
   */
  public Path fetch(Assignment release, Manifest manifest, Progress progress)
      throws IOException, InterruptedException, Refused {
    var held = artifacts.get(manifest.sha256());
    if (held == null) {
      throw new IOException("was let go meanwhile");
    }
    held.lock.lockInterruptibly();
    try {
      var file = file(manifest.sha256());
      if (!Files.exists(complete(file)) || !Files.exists(file)) {
        checkSpace(manifest, file);
        held.leave();
        if (!fill(held, release, manifest, download.piece(manifest), progress)) {
          Download.Rest rest = () -> fill(held, release, manifest, OptionalLong.empty(), progress);
          download.fetch(release, manifest, file, progress, rest).ifPresent(held::share);
        }
      }
      check(held, manifest, file);
      Durable.write(complete(file), new byte[0]);
      progress.at(manifest.size());
      share(held, release, manifest);
      return file;
    } finally {
      held.lock.unlock();
    }
  }

  /** Whether all of it could be made of what is here; then, too, it must be checked. */
  private boolean fill(
      Held held, Assignment release, Manifest manifest, OptionalLong piece, Progress progress)
      throws InterruptedException {
    var before = held.isFetchedWhole ? Optional.<Path>empty() : before(release);
    if (before.isEmpty() || manifest.blocks() == null) {
      return false;
    }
    var wanted = new Delta.Wanted(release, manifest, file(manifest.sha256()), piece);
    return delta.fill(wanted, manifest.blocks(), before.get(), progress);
  }

  /** The complete artifact of the newest other build of the app that is here. */
  private Optional<Path> before(Assignment release) {
    return artifacts.entrySet().stream()
        .filter(entry -> !entry.getKey().equals(release.release().sha256()))
        .filter(entry -> entry.getValue().newestOf(release.app()).isPresent())
        .filter(entry -> Files.exists(complete(file(entry.getKey()))))
        .max(
            Comparator.comparingLong(
                entry -> entry.getValue().newestOf(release.app()).orElse(Long.MIN_VALUE)))
        .map(entry -> file(entry.getKey()));
  }

  /**
   * Asked before an artifact comes that nobody runs yet.
   *
   * @throws NoRoomAhead when it would take the room of what is asked for next
   */
  public void requireRoomAhead(Manifest manifest) throws IOException {
    var disk = Files.getFileStore(folder);
    NoRoomAhead.unless(manifest.size(), disk.getUsableSpace(), disk.getTotalSpace());
  }

  /** Goes on sharing after a restart. */
  public void share(Assignment release, Manifest manifest)
      throws IOException, InterruptedException, Refused {
    var held = artifacts.get(manifest.sha256());
    if (held == null || !Files.exists(complete(file(manifest.sha256())))) {
      return;
    }
    held.lock.lock();
    try {
      share(held, release, manifest);
    } finally {
      held.lock.unlock();
    }
  }

  /** Says that a release is gone; what nobody needs is no longer shared and is deleted. */
  public void letGo(Assignment release) throws IOException {
    try {
      artifacts.computeIfPresent(
          release.release().sha256(),
          (digest, held) -> {
            if (!held.remove(holder(release))) {
              return held;
            }
            // in here, so that nobody fetches it anew before it is gone
            held.leave();
            delete(file(digest));
            return null;
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Deletes what no release needs; called once, when all of them have said what they need. */
  public void sweep() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      for (var path : all.toList()) {
        var name = path.getFileName().toString();
        var needed =
            artifacts.keySet().stream().anyMatch(digest -> name.startsWith(digest.value()));
        if (!needed) {
          Durable.delete(path);
        }
      }
    }
  }

  private void check(Held held, Manifest manifest, Path file)
      throws IOException, InterruptedException {
    var found =
        Files.size(file) == manifest.size()
            ? Digests.of(file).value()
            : Files.size(file) + " bytes";
    if (!found.equals(manifest.sha256().value())) {
      mismatches.increment();
      // whichever way it came, the next try does without
      held.isFetchedWhole = true;
      held.leave();
      delete(file);
      throw new IOException(
          "the artifact's sha256 is %s, but %s was signed".formatted(found, manifest.sha256()));
    }
  }

  /**
   * Gets new passes for what is shared, before the old ones end, and shares what could not be
   * shared before. What is being fetched just now has a new pass.
   */
  public void renew() throws InterruptedException {
    for (var held : artifacts.values()) {
      if (held.lock.tryLock()) {
        try {
          renew(held);
        } finally {
          held.lock.unlock();
        }
      }
    }
  }

  private void renew(Held held) throws InterruptedException {
    var offer = held.offer();
    if (offer == null) {
      return;
    }
    try (var _ = offer.release().inLogs()) {
      renew(held, offer);
    }
  }

  private void renew(Held held, Held.Offer offer) throws InterruptedException {
    try {
      var membership = held.membership();
      if (membership == null) {
        download.share(offer.release(), offer.manifest()).ifPresent(held::share);
        if (held.offer() == null) {
          // let go meanwhile
          held.leave();
        }
      } else {
        download.renew(membership, offer.release());
      }
    } catch (IOException | Refused e) {
      log.warn(
          "Build {} of {} is shared for no longer than its pass is good: {}",
          offer.manifest().job(),
          offer.manifest().app(),
          e.toString());
    }
  }

  private void share(Held held, Assignment release, Manifest manifest)
      throws InterruptedException, Refused {
    held.offer(new Held.Offer(release, manifest));
    if (held.isShared()) {
      return;
    }
    try {
      download.share(release, manifest).ifPresent(held::share);
    } catch (IOException | RuntimeException e) {
      // it runs here all the same; others find the bytes elsewhere
      try (var _ = release.inLogs()) {
        log.warn("Build {} of {} is not shared", manifest.job(), manifest.app(), e);
      }
    }
  }

  private void checkSpace(Manifest manifest, Path file) throws IOException {
    // what the swarm left has holes, so its length says nothing
    var part = Download.part(file);
    var here = Files.exists(part) ? Files.size(part) : 0;
    // the artifact, and the release that is made of it
    var needed = Math.max(0, manifest.size() - here) + manifest.size() + SPARE;
    var free = Files.getFileStore(folder).getUsableSpace();
    if (free < needed) {
      throw new NoRoom(free, needed);
    }
  }

  private void delete(Path file) {
    try {
      Files.deleteIfExists(complete(file));
      try (Stream<Path> all = Files.list(folder)) {
        for (var path :
            all.filter(p -> p.getFileName().toString().startsWith(file.getFileName().toString()))
                .toList()) {
          Files.deleteIfExists(path);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path file(Sha256 digest) {
    return folder.resolve(digest.value());
  }

  private static Path complete(Path file) {
    return file.resolveSibling(file.getFileName() + COMPLETE);
  }

  private static Held.Holder holder(Assignment release) {
    return new Held.Holder(release.app(), release.release().build());
  }
}
