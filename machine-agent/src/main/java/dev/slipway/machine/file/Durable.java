package dev.slipway.machine.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;

/**
 * Changes to files that are there whole or not at all, whenever the process or the machine dies.
 */
public final class Durable {
  private static final String TEMPORARY = ".tmp";

  private Durable() {}

  /** Replaces a file's content; readable by its owner alone. */
  public static void write(Path file, byte[] content) throws IOException {
    var temporary = temporary(file);
    Files.deleteIfExists(temporary);
    Files.createFile(
        temporary,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (var channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
      var bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    move(temporary, file);
  }

  /** Renames; what is at {@code to} is replaced. */
  public static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    var folder = to.getParent();
    if (folder != null) {
      sync(folder);
    }
  }

  /** Points a symbolic link somewhere else. */
  public static void link(Path link, Path target) throws IOException {
    var temporary = temporary(link);
    Files.deleteIfExists(temporary);
    Files.createSymbolicLink(temporary, target);
    move(temporary, link);
  }

  /** Brings a file's or a folder's content to the disk. */
  public static void sync(Path path) throws IOException {
    try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Where something is made before it gets its name. */
  public static Path temporary(Path path) {
    return path.resolveSibling(path.getFileName() + TEMPORARY);
  }

  /** Removes what a crash left half made in a folder. */
  public static void sweep(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      for (var path : all.filter(p -> p.toString().endsWith(TEMPORARY)).toList()) {
        delete(path);
      }
    }
  }

  /** Removes a file or a whole folder; one that is gone is no error. Links are not followed. */
  public static void delete(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      Files.walkFileTree(path, new Deleter());
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static final class Deleter extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(
        Path folder, @org.jspecify.annotations.Nullable IOException e) throws IOException {
      Files.deleteIfExists(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
