package dev.slipway.worker.checkout;

import dev.slipway.worker.job.BuildFailed;
import dev.slipway.worker.job.ClaimedJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mirrors of all repositories that this worker builds. Those that nobody uses are removed by
 * age and by size, the longest unused first.
 */
final class Mirrors {
  private static final Logger log = LoggerFactory.getLogger(Mirrors.class);
  private static final Pattern NAME = Pattern.compile("([0-9a-f]{64})\\.([0-9]{1,18})");

  private final Path folder;
  private final CheckoutLimits limits;
  private final Clock clock;
  private final MirrorGit git;
  private final Map<String, Mirror> mirrors = new ConcurrentHashMap<>();

  /**
   * Takes over what an earlier run left.
   *
   * @param folder of all mirrors, this worker's alone
   */
  Mirrors(Path folder, Git git, CheckoutLimits limits, Clock clock) throws IOException {
    this.folder = folder;
    this.limits = limits;
    this.clock = clock;
    Files.createDirectories(folder);
    var found = found();
    var next = found.values().stream().mapToLong(Mirrors::number).max().orElse(0) + 1;
    this.git = new MirrorGit(folder, git, limits.maxRepositorySize(), clock, next);
    found.forEach((name, path) -> mirrors.put(name, new Mirror(this.git, new Copy(path, clock))));
  }

  /** The newest copy of each repository; others, and what was being made, are removed. */
  private Map<String, Path> found() throws IOException {
    var newest = new HashMap<String, Path>();
    var rest = new ArrayList<Path>();
    try (var entries = Files.newDirectoryStream(folder)) {
      for (var entry : entries) {
        var name = parse(entry);
        if (!name.matches()) {
          rest.add(entry);
          continue;
        }
        var other = newest.put(name.group(1), entry);
        if (other != null && number(other) > number(entry)) {
          newest.put(name.group(1), other);
          rest.add(entry);
        } else if (other != null) {
          rest.add(other);
        }
      }
    }
    for (var path : rest) {
      Folders.delete(path);
    }
    return newest;
  }

  private static Matcher parse(Path entry) {
    return NAME.matcher(String.valueOf(entry.getFileName()));
  }

  private static long number(Path entry) {
    var name = parse(entry);
    return name.matches() ? Long.parseLong(name.group(2)) : 0;
  }

  /**
   * The mirror of the job's repository, with the job's commit in it; stays until given back.
   *
   * @throws BuildFailed when the repository does not have the commit, or is too large
   * @throws IOException when the repository cannot be reached
   */
  Lease withCommitOf(ClaimedJob job) throws BuildFailed, IOException, InterruptedException {
    return mirrors
        .computeIfAbsent(MirrorGit.nameOf(job.repository()), _ -> new Mirror(git, null))
        .withCommitOf(job);
  }

  /** Removes unused mirrors that are too old, and as many as are too much in all. */
  void evict() throws IOException {
    var oldest = clock.instant().minus(limits.mirrorsMaxAge());
    var total = 0L;
    var kept = new ArrayList<Idle>();
    for (var mirror : byLastUse()) {
      if (mirror.lastUsed().isBefore(oldest) && mirror.evict()) {
        continue;
      }
      total += mirror.size();
      kept.add(mirror);
    }
    for (var mirror : kept) {
      if (total <= limits.mirrorsMaxSize().toBytes()) {
        return;
      }
      if (mirror.evict()) {
        total -= mirror.size();
      }
    }
  }

  /** Removes unused mirrors until there is room, or none is left. */
  boolean makeRoom(BooleanSupplier enough) throws IOException {
    for (var mirror : byLastUse()) {
      if (enough.getAsBoolean()) {
        return true;
      }
      mirror.evict();
    }
    return enough.getAsBoolean();
  }

  /** A mirror that may be unused, as it was when it was looked at. */
  private record Idle(Mirror mirror, Path folder, Instant lastUsed, long size) {
    boolean evict() {
      var evicted = mirror.evict();
      if (evicted) {
        log.info("The mirror {}, last used {}, was removed", folder.getFileName(), lastUsed);
      }
      return evicted;
    }
  }

  private List<Idle> byLastUse() throws IOException {
    var all = new ArrayList<Idle>();
    for (var mirror : mirrors.values()) {
      var idle = seen(mirror);
      if (idle != null) {
        all.add(idle);
      }
    }
    all.sort(Comparator.comparing(Idle::lastUsed));
    return all;
  }

  private static @Nullable Idle seen(Mirror mirror) throws IOException {
    var copy = mirror.current();
    if (copy == null || !Files.isDirectory(copy.folder())) {
      return null;
    }
    return new Idle(
        mirror, copy.folder(), copy.lastUsed(), Folders.size(copy.folder(), Long.MAX_VALUE));
  }
}
