package dev.slipway.common.blob;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Files that are being written: in a folder of their own until they are whole and on disk. */
final class FolderUploads {
  private static final long SECOND = TimeUnit.SECONDS.toMicros(1);

  /** The last generation that this process gave. */
  private static final AtomicLong GENERATION = new AtomicLong();

  private final Path folder;

  FolderUploads(Path folder) {
    this.folder = folder;
  }

  /** Removes what writers that died have left; one that still writes has touched its file since. */
  void removeUntouchedSince(Instant time) throws IOException {
    try (var files = Files.newDirectoryStream(folder)) {
      for (var file : files) {
        if (lastModified(file).isBefore(time)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private static Instant lastModified(Path file) throws IOException {
    try {
      return Files.getLastModifiedTime(file).toInstant();
    } catch (NoSuchFileException e) {
      return Instant.MAX;
    }
  }

  /** Writes a file whole and to disk and hands it on; afterwards it is gone from here. */
  BlobInfo write(String name, BlobStore.Content content, Use use) throws IOException {
    var file = folder.resolve(UUID.randomUUID().toString());
    try {
      fill(name, file, content);
      return use.apply(file);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static void fill(String name, Path file, BlobStore.Content content) throws IOException {
    try (var channel = FileChannel.open(file, CREATE_NEW, WRITE)) {
      var out = new BlobOutput(Channels.newOutputStream(channel));
      out.take(content);
      if (channel.size() != out.size()) {
        throw new IOException(name + " was not written whole");
      }
      Files.setLastModifiedTime(file, FileTime.from(nextGeneration(file), TimeUnit.MICROSECONDS));
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      FileChecksums.keep(file, attributes, out.crc32c());
      channel.force(true);
    }
  }

  /**
   * A file's time of change is its generation: unique, and a second in the past, so that whoever
   * changes it later cannot leave the same time behind, however coarse the system's clock is.
   */
  private static long nextGeneration(Path file) throws IOException {
    var past = Files.getLastModifiedTime(file).to(TimeUnit.MICROSECONDS) - SECOND;
    return GENERATION.updateAndGet(last -> Math.max(last + 1, past));
  }

  @FunctionalInterface
  interface Use {
    BlobInfo apply(Path file) throws IOException;
  }
}
