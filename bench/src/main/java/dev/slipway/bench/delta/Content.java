package dev.slipway.bench.delta;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * A folder of many files of random bytes, and what a build may do to it. Each change begins from
 * the folder as it was made.
 */
final class Content {
  static final String NAME = "content";

  private static final long SEED = 20_260_101;
  private static final int FILES_A_FOLDER = 64;
  private static final int MEAN_FILE = 256 << 10;
  private static final int RUN = 4 << 10;
  private static final int INSERTED = 1 << 20;

  private final Path checkout;
  private final Path folder;
  private final int files;

  /** A change, in bytes that were written. */
  @FunctionalInterface
  interface Change {
    long make() throws IOException;
  }

  /**
   * @param checkout where the folder is made
   * @param mib its size
   */
  Content(Path checkout, int mib) {
    this.checkout = checkout;
    this.folder = checkout.resolve(NAME);
    this.files = (int) (((long) mib << 20) / MEAN_FILE);
  }

  Path checkout() {
    return checkout;
  }

  /** Makes the folder; files of up to twice the mean, equal in every run. */
  void make() throws IOException {
    for (var i = 0; i < files; i++) {
      Files.createDirectories(file(i).getParent());
      write(i, SEED);
    }
  }

  private void write(int file, long seed) throws IOException {
    var bytes = new byte[size(file)];
    new Random(seed + file).nextBytes(bytes);
    Files.write(file(file), bytes);
  }

  private static int size(int file) {
    // pairs of files have the mean's size together
    var size = new Random(SEED * 31 + file / 2).nextInt(MEAN_FILE * 2);
    return file % 2 == 0 ? size : 2 * MEAN_FILE - size;
  }

  private Path file(int i) {
    return folder.resolve("part-%03d/file-%05d.bin".formatted(i / FILES_A_FOLDER, i));
  }

  /** One file in a hundred is another of the same size. */
  long changeFiles() throws IOException {
    var random = new Random(1);
    var changed = 0L;
    for (var i = 0; i < files / 100; i++) {
      var file = i * 100 + random.nextInt(100);
      write(file, SEED + 1_000_003);
      changed += size(file);
    }
    return changed;
  }

  /** One byte in a hundred is another, in runs at random places. */
  long changeBytes() throws IOException {
    var random = new Random(2);
    var run = new byte[RUN];
    var changed = 0L;
    for (var least = (long) files * MEAN_FILE / 100; changed < least; ) {
      var file = random.nextInt(files);
      if (size(file) > RUN) {
        random.nextBytes(run);
        try (var out = new RandomAccessFile(file(file).toFile(), "rw")) {
          out.seek(random.nextInt(size(file) - RUN));
          out.write(run);
        }
        changed += RUN;
      }
    }
    return changed;
  }

  /** A file goes before all others, so that all else moves. */
  long insert() throws IOException {
    var bytes = new byte[INSERTED];
    new Random(3).nextBytes(bytes);
    Files.write(folder.resolve("a-new-file.bin"), bytes);
    return INSERTED;
  }

  /** Undoes whatever was changed. */
  void restore() throws IOException {
    Files.deleteIfExists(folder.resolve("a-new-file.bin"));
    for (var i = 0; i < files; i++) {
      write(i, SEED);
    }
  }
}
