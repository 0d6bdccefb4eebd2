package dev.slipway.machine.app;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * An app's output, bounded. The app appends by itself and outlives the agent, so the file is copied
 * aside and emptied; a line written in between may be lost.
 */
final class LogFile {
  private static final long MOST_BYTES = 10L << 20;

  private LogFile() {}

  static void bound(Path file) throws IOException {
    if (Files.exists(file) && Files.size(file) > MOST_BYTES) {
      try {
        keep(file, file.resolveSibling(file.getFileName() + ".1"));
      } finally {
        try (var log = new RandomAccessFile(file.toFile(), "rw")) {
          log.setLength(0);
        }
      }
    }
  }

  /** Or does without a copy, where the disk is full: half of one would only fill it further. */
  private static void keep(Path file, Path copy) throws IOException {
    try {
      Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException noRoom) {
      Files.deleteIfExists(copy);
    }
  }
}
