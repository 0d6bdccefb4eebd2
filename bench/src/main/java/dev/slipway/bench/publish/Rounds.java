package dev.slipway.bench.publish;

import dev.slipway.bench.Run;
import dev.slipway.bench.Samples;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Map;
import java.util.Random;

/** The rounds of one size: the floor, the folder and the stand-in, one after the other. */
final class Rounds {
  private static final double LEAST_RATIO = 0.8;
  private static final double MOST_MB = 400;
  private static final int BLOCK = 10_000_000;

  private final Run run;
  private final double megabytes;
  private final String prefix;
  private final Path checkout;
  private final Path bucket;
  private final Kind folder = new Kind();
  private final Kind gcs = new Kind();
  private final Samples floor = new Samples();
  private final Samples accelerated = new Samples();

  Rounds(Run run, int gigabytes) {
    this.run = run;
    this.megabytes = gigabytes * 1_000.0;
    this.prefix = "publish." + gigabytes + "GB.";
    this.checkout = run.folder().resolve(gigabytes + "GB");
    this.bucket = run.folder().resolve("bucket");
  }

  /** What publishing into one kind of bucket took. */
  private static final class Kind {
    private final Samples speed = new Samples();
    private final Samples ratio = new Samples();
    private final Samples peak = new Samples();
  }

  /** Bytes that nothing on their way can make fewer. */
  void makeFile() throws IOException {
    Files.createDirectories(checkout);
    var block = new byte[BLOCK];
    var random = new Random(1);
    try (var file =
        FileChannel.open(
            checkout.resolve(Publication.FILE),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE)) {
      for (var written = 0L; written < megabytes * 1e6; written += BLOCK) {
        random.nextBytes(block);
        file.write(ByteBuffer.wrap(block));
      }
      file.force(true);
    }
  }

  void removeFile() throws IOException {
    Files.delete(checkout.resolve(Publication.FILE));
  }

  /** One round; the first, 0, is warm-up: it also brings the file into memory where it fits. */
  void measure(int round) throws IOException, InterruptedException {
    var hashed = megabytes / Floor.sha256sum(file());
    var openssl = Floor.openssl(file());
    var toFolder = Publication.run(checkout, bucket.toUri(), Map.of());
    empty(bucket);
    var toGcs =
        Publication.run(
            checkout,
            URI.create("gs://" + StandIn.BUCKET),
            Map.of("STORAGE_EMULATOR_HOST", "http://127.0.0.1:" + run.ports().base()));
    run.teller()
        .tell(
            round == 0 ? "warm-up" : "round " + round + "/" + run.rounds(),
            "%s%.0f MB/s to a folder, %.0f to the stand-in; floor %.0f"
                .formatted(prefix, speed(toFolder), speed(toGcs), hashed));
    if (round > 0) {
      floor.add(hashed);
      openssl.ifPresent(seconds -> accelerated.add(megabytes / seconds));
      take(folder, toFolder, hashed);
      take(gcs, toGcs, hashed);
    }
  }

  private Path file() {
    return checkout.resolve(Publication.FILE);
  }

  private double speed(Publication publication) {
    return megabytes / publication.seconds();
  }

  private void take(Kind kind, Publication publication, double hashed) {
    kind.speed.add(speed(publication));
    kind.ratio.add(speed(publication) / hashed);
    kind.peak.add(publication.peakMb());
  }

  private static void empty(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  void report() {
    report(prefix, folder);
    report(prefix + "gcs.", gcs);
    run.results().detail("floor: dd | sha256sum", floor, "MB/s");
    if (accelerated.count() > 0) {
      run.results().detail("dd | openssl sha256", accelerated, "MB/s");
    }
  }

  private void report(String name, Kind kind) {
    run.results().figure(name + "MBps", kind.speed, "MB/s");
    run.results().figureAtLeast(name + "ratio_floor", kind.ratio, "x", LEAST_RATIO);
    run.results().figure(name + "peak_rss_MB", kind.peak, "MB", MOST_MB);
  }
}
