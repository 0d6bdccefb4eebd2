package dev.slipway.bench.machine;

import dev.slipway.bench.Memory;
import dev.slipway.bench.Program;
import dev.slipway.bench.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;

/** One large artifact over loopback to one machine's agent, beside plain HTTP. */
public final class Machine implements Program {
  private static final int GIGABYTES = 10;

  /**
   * The region's bucket, its agent's cache, the machine's artifact and its release, and some room.
   */
  private static final double DISK_MULTIPLE = 4.2;

  @Override
  public String name() {
    return "machine";
  }

  @Override
  public Duration expected(boolean quick) {
    return quick ? Duration.ofMinutes(2) : Duration.ofMinutes(25);
  }

  @Override
  public void run(Run run) throws Exception {
    Memory.requireReadable();
    var gigabytes = run.quick() ? 1 : GIGABYTES;
    requireRoom(run, gigabytes);
    var bucket = new Bucket(run.folder().resolve("bucket"));
    var release = bucket.publish(run.folder().resolve("checkout"), gigabytes * 1_000_000_000L);
    try (var centre = new Centre(run.ports().deployService());
        var region = Region.start(run, centre, bucket)) {
      var rounds = new Rounds(run, centre, region, release);
      rounds.takeIn();
      for (var round = 0; round <= run.rounds(); round++) {
        rounds.measure(round, bucket.file(release));
        region.requireAlive();
      }
      rounds.report();
    }
  }

  private static void requireRoom(Run run, int gigabytes) throws IOException {
    var room = Files.getFileStore(run.folder()).getUsableSpace() / 1e9;
    if (room < gigabytes * DISK_MULTIPLE) {
      throw new IOException(
          "it needs %.0f GB of disk, and %s has %.0f"
              .formatted(gigabytes * DISK_MULTIPLE, run.folder().getParent(), room));
    }
  }
}
