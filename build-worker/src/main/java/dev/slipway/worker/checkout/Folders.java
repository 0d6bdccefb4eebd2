package dev.slipway.worker.checkout;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Folders with all that is in them. */
final class Folders {
  private Folders() {}

  /** Removes a folder, also where a build took rights away; one that is not there is no error. */
  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
            open(dir);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException unreadable)
              throws IOException {
            if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS) || !open(file)) {
              throw unreadable;
            }
            delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException failed)
              throws IOException {
            if (failed != null) {
              throw failed;
            }
            Files.delete(dir);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Also an empty file takes its place on the disk. */
  private static final long BLOCK = 4 << 10;

  /**
   * The bytes of a folder's files in whole blocks, one for every entry at least; counting ends
   * above {@code most}. What vanishes meanwhile, or may not be read, does not count.
   */
  static long size(Path folder, long most) throws IOException {
    var total = new AtomicLong();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
            return counted(1);
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            return counted(attributes.isRegularFile() ? attributes.size() : 1);
          }

          private FileVisitResult counted(long size) {
            var taken = Math.max(1, Math.ceilDiv(size, BLOCK)) * BLOCK;
            return total.addAndGet(taken) > most
                ? FileVisitResult.TERMINATE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException cutShort) {
            return FileVisitResult.CONTINUE;
          }
        });
    return total.get();
  }

  /** Gives the owner all rights, where some are missing. */
  private static boolean open(Path dir) {
    var file = dir.toFile();
    if (Files.isReadable(dir) && Files.isWritable(dir) && Files.isExecutable(dir)) {
      return false;
    }
    return file.setReadable(true) && file.setWritable(true) && file.setExecutable(true);
  }
}
