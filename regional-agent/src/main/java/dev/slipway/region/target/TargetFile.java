package dev.slipway.region.target;

import dev.slipway.common.machine.MachineId;
import dev.slipway.common.target.Revoked;
import dev.slipway.common.target.Target;
import dev.slipway.common.target.Targets;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Targets and revoked machines on disk, crash-safe. A file that cannot be read is set aside and a
 * new one begun: the centre has all of it, and a region that does not start helps nobody.
 */
public final class TargetFile implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TargetFile.class);
  private static final String REVISION = "revision";

  private final Path path;
  private final Targets atOpening;
  private MVStore store;
  private MVMap<String, String> targets;
  private MVMap<String, Long> numbers;
  private MVMap<String, Long> revoked;

  private TargetFile(Path path) {
    this.path = path;
    store = open(path);
    try {
      targets = store.openMap("targets");
      numbers = store.openMap("numbers");
      revoked = store.openMap("revoked");
      // reads all of it, so that damage shows now and not in front of a machine
      atOpening =
          new Targets(
              numbers.getOrDefault(REVISION, 0L),
              targets.values().stream()
                  .map(json -> JsonMapper.shared().readValue(json, Target.class))
                  .toList(),
              revoked.entrySet().stream()
                  .map(r -> new Revoked(new MachineId(r.getKey()), r.getValue()))
                  .toList());
    } catch (RuntimeException damaged) {
      store.closeImmediately();
      throw damaged;
    }
  }

  private static MVStore open(Path path) {
    return new MVStore.Builder().fileName(path.toString()).autoCommitDisabled().open();
  }

  /**
   * Opens the file, or begins it.
   *
   * @param meters counts files that were set aside, as {@code slipway.targets.damaged}
   * @throws IllegalStateException when another process has it open
   */
  public static TargetFile open(Path path, MeterRegistry meters) {
    var damaged = meters.counter("slipway.targets.damaged");
    try {
      Files.createDirectories(path.toAbsolutePath().getParent());
      try {
        return new TargetFile(path);
      } catch (MVStoreException | JacksonException | IllegalArgumentException e) {
        if (e instanceof MVStoreException m && m.getErrorCode() == DataUtils.ERROR_FILE_LOCKED) {
          throw new IllegalStateException(path + " is in use by another process", e);
        }
        var aside = path.resolveSibling(path.getFileName() + ".damaged-" + UUID.randomUUID());
        Files.move(path, aside);
        damaged.increment();
        log.error("{} is damaged: set aside as {}; all targets are fetched anew", path, aside, e);
        return new TargetFile(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What was there when it was opened. */
  Targets read() {
    return atOpening;
  }

  /**
   * Writes targets, revoked machines and the revision; they are on disk when it returns. After a
   * write that failed, on a full disk say, it may be called again.
   */
  void write(Targets newer) {
    if (store.isClosed()) {
      // it closes itself when it cannot write
      store = open(path);
      targets = store.openMap("targets");
      numbers = store.openMap("numbers");
      revoked = store.openMap("revoked");
    }
    for (var target : newer.targets()) {
      targets.put(target.app().value(), JsonMapper.shared().writeValueAsString(target));
    }
    for (var machine : newer.revoked()) {
      revoked.put(machine.machine().value(), machine.revision());
    }
    numbers.put(REVISION, newer.revision());
    store.commit();
    store.sync();
  }

  @Override
  public void close() {
    store.close();
  }
}
