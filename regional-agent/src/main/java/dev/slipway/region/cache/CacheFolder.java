package dev.slipway.region.cache;

import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.swarm.Torrent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The cache's files: {@code <sha256>} is an artifact, perhaps not all of it, and {@code
 * <sha256>.torrent} beside it says that all of it was there and right.
 */
final class CacheFolder {
  private static final Pattern ARTIFACT = Pattern.compile("[0-9a-f]{64}");

  private static final String TORRENT = ".torrent";

  /** What the engine knows of a file that it has not finished. */
  private static final String RESUME = ".resume";

  /** A full disk fails writes of the engine in ways that are hard to read: stay clear of it. */
  private static final long SPARE = 64L << 20;

  private final Path folder;

  CacheFolder(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
  }

  Path path() {
    return folder;
  }

  Path file(Sha256 artifact) {
    return folder.resolve(artifact.value());
  }

  /** Where to write a file that is not complete, by other means than the swarm's. */
  Path part(Sha256 artifact) {
    return folder.resolve(artifact + ".part");
  }

  private Path info(Sha256 artifact) {
    return folder.resolve(artifact + TORRENT);
  }

  /** The artifacts there are, with their sizes, the least recently changed first. */
  Map<Sha256, Long> scan() throws IOException {
    var sizes = new LinkedHashMap<Sha256, Long>();
    for (var file : files()) {
      var name = file.getFileName().toString();
      if (ARTIFACT.matcher(name).matches()) {
        sizes.put(new Sha256(name), Files.size(file));
      } else if (!belongsToArtifact(file, name)) {
        Files.delete(file);
      }
    }
    return sizes;
  }

  private List<Path> files() throws IOException {
    try (var all = Files.list(folder)) {
      return all.sorted(Comparator.comparingLong(file -> file.toFile().lastModified())).toList();
    }
  }

  private boolean belongsToArtifact(Path file, String name) {
    return Stream.of(TORRENT, RESUME)
        .filter(name::endsWith)
        .map(suffix -> name.substring(0, name.length() - suffix.length()))
        .anyMatch(artifact -> Files.exists(file.resolveSibling(artifact)));
  }

  /** The torrent of an artifact that was complete; none where it was not. */
  Optional<Torrent> torrent(Sha256 artifact) throws IOException {
    if (!Files.exists(info(artifact)) || Files.size(info(artifact)) > Torrent.MAX_INFO_BYTES) {
      return Optional.empty();
    }
    try {
      return Optional.of(Torrent.parse(Files.readAllBytes(info(artifact))));
    } catch (InvalidInput damaged) {
      return Optional.empty();
    }
  }

  void check(Sha256 artifact) throws IOException {
    try (var in = Files.newInputStream(file(artifact))) {
      Digests.check(in, artifact);
    }
  }

  /** Says that an artifact is complete and right. */
  void complete(Sha256 artifact, Torrent torrent) throws IOException {
    var fresh = folder.resolve(artifact + ".info");
    Files.write(fresh, torrent.info());
    Files.move(fresh, info(artifact), StandardCopyOption.ATOMIC_MOVE);
  }

  void delete(Sha256 artifact) throws IOException {
    Files.deleteIfExists(info(artifact));
    Files.deleteIfExists(folder.resolve(artifact + RESUME));
    Files.deleteIfExists(file(artifact));
    Files.deleteIfExists(part(artifact));
  }

  boolean diskHas(long bytes) throws IOException {
    return Files.getFileStore(folder).getUsableSpace() >= bytes + SPARE;
  }
}
