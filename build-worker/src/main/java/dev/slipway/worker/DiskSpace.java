package dev.slipway.worker;

import java.nio.file.Path;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.util.unit.DataSize;

/** Whether there is room for a build where the worker's files are; part of its readiness. */
final class DiskSpace implements HealthIndicator {
  private final Path folder;
  private final DataSize least;

  /**
   * @param least what must be free before a job is taken
   */
  DiskSpace(Path folder, DataSize least) {
    this.folder = folder;
    this.least = least;
  }

  boolean isEnough() {
    return free() >= least.toBytes();
  }

  private long free() {
    return folder.toFile().getUsableSpace();
  }

  @Override
  public Health health() {
    var health = isEnough() ? Health.up() : Health.down();
    return health
        .withDetail("freeBytes", free())
        .withDetail("leastBytes", least.toBytes())
        .withDetail(
            "reason", isEnough() ? "takes jobs" : "takes no jobs: the disk has too little room")
        .build();
  }
}
