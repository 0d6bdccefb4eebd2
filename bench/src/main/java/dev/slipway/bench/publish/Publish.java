package dev.slipway.bench.publish;

import dev.slipway.bench.Launched;
import dev.slipway.bench.Memory;
import dev.slipway.bench.Program;
import dev.slipway.bench.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;

/**
 * Publishing one file of 1 GB, and of 10 GB, as a worker does it, into a folder and into a stand-in
 * for Cloud Storage; beside that, reading and hashing the same file and nothing else.
 */
public final class Publish implements Program {
  /** The file, its copy in the bucket, and some room. */
  private static final double DISK_MULTIPLE = 2.2;

  @Override
  public String name() {
    return "publish";
  }

  @Override
  public Duration expected(boolean quick) {
    return quick ? Duration.ofMinutes(1) : Duration.ofMinutes(12);
  }

  @Override
  public void run(Run run) throws Exception {
    Memory.requireReadable();
    var sizes = run.quick() ? List.of(1) : List.of(1, 10);
    requireRoom(run, sizes.getLast());
    try (var standIn = StandIn.start(run.ports().base())) {
      for (var gigabytes : sizes) {
        measure(run, gigabytes, standIn);
      }
    }
  }

  private static void measure(Run run, int gigabytes, Launched standIn) throws Exception {
    var rounds = new Rounds(run, gigabytes);
    rounds.makeFile();
    for (var round = 0; round <= run.rounds(); round++) {
      rounds.measure(round);
      standIn.requireAlive();
    }
    rounds.removeFile();
    rounds.report();
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
