package dev.slipway.common.blob;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/** From names to files below a root, with no symbolic link on the way. */
final class FolderTree {
  private final Path root;

  /** Makes the root where it is missing; the root itself may be reached through a link. */
  FolderTree(Path root) throws IOException {
    Files.createDirectories(root);
    this.root = root.toRealPath();
  }

  /** Where the objects are whose names have this prefix, which ends in a slash or is empty. */
  Path folder(String prefix) throws IOException {
    return prefix.isEmpty() ? root : locate(prefix.substring(0, prefix.length() - 1));
  }

  /** Where an object is, or would be. */
  Path locate(String name) throws IOException {
    var path = root;
    for (var segment : name.split("/", -1)) {
      path = path.resolve(segment);
      if (Files.isSymbolicLink(path)) {
        throw new IOException(name + " is refused: a symbolic link is on its way");
      }
    }
    return path;
  }

  /** Where an object is to be; the folders on the way are there, durably. */
  Path prepare(String name) throws IOException {
    var file = locate(name);
    var folder = root;
    for (var segment : root.relativize(parent(file))) {
      folder = folder.resolve(segment);
      if (!folder.equals(root)) {
        makeFolder(folder);
      }
    }
    return file;
  }

  /** A folder of the store's own, which no object's name can reach. */
  Path own(String hidden) throws IOException {
    var folder = root.resolve(hidden);
    makeFolder(folder);
    return folder;
  }

  private static void makeFolder(Path folder) throws IOException {
    try {
      Files.createDirectory(folder);
      sync(parent(folder));
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder, NOFOLLOW_LINKS)) {
        throw new NotDirectoryException(folder.toString());
      }
    }
  }

  static Path parent(Path below) {
    return Objects.requireNonNull(below.getParent(), "a path below the root has a parent");
  }

  /** Makes what was linked, made or removed in a folder survive a loss of power. */
  static void sync(Path folder) throws IOException {
    try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
