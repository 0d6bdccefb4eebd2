package dev.slipway.worker.publish;

import dev.slipway.common.artifact.Manifest;
import dev.slipway.worker.job.BuildFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Makes one stream of bytes, of a size known before, of what a build made. */
final class Packer {
  private static final int MOST_FILES = 1_000_000;

  /** The group's and everybody's. */
  private static final int OTHERS_WRITE = 022;

  private Packer() {}

  /**
   * Packs a file or a folder.
   *
   * @param name as what it is released
   */
  static Packed pack(Path artifact, String name) throws BuildFailed, IOException {
    var packed =
        Files.isDirectory(artifact)
            ? new TarPack(name, items(artifact))
            : new FilePack(regular(artifact, name), name, Files.size(artifact));
    if (packed.size() == 0) {
      throw new BuildFailed("the artifact " + name + " is empty");
    }
    if (packed.size() > Manifest.MAX_SIZE) {
      throw new BuildFailed(
          "the artifact %s is %,d bytes; the most is %,d"
              .formatted(name, packed.size(), Manifest.MAX_SIZE));
    }
    return packed;
  }

  private static Path regular(Path file, String name) throws BuildFailed {
    if (!Files.isRegularFile(file)) {
      throw new BuildFailed("the artifact " + name + " is neither a file nor a folder");
    }
    return file;
  }

  private static List<TarPack.Item> items(Path folder) throws BuildFailed, IOException {
    var paths = new ArrayList<Path>();
    try (var walk = Files.walk(folder)) {
      walk.filter(p -> !p.equals(folder)).limit(MOST_FILES + 1L).forEach(paths::add);
    }
    if (paths.size() > MOST_FILES) {
      throw new BuildFailed("the artifact has more than %,d files".formatted(MOST_FILES));
    }
    if (paths.isEmpty()) {
      throw new BuildFailed("the artifact " + folder.getFileName() + " is an empty folder");
    }
    paths.sort(
        (a, b) -> folder.relativize(a).toString().compareTo(folder.relativize(b).toString()));
    var items = new ArrayList<TarPack.Item>();
    for (var path : paths) {
      items.add(new TarPack.Item(entry(folder, path), path));
    }
    return items;
  }

  private static TarArchiveEntry entry(Path folder, Path path) throws BuildFailed, IOException {
    var name = folder.relativize(path).toString();
    if (!folder.resolve(name).equals(path)) {
      throw new BuildFailed("the artifact's " + name + " has a name that is not UTF-8");
    }
    var attributes =
        Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    var entry = entry(folder, path, name, attributes);
    entry.setModTime(FileTime.fromMillis(0));
    entry.setIds(0, 0);
    entry.setNames("", "");
    return entry;
  }

  private static TarArchiveEntry entry(
      Path folder, Path path, String name, PosixFileAttributes attributes)
      throws BuildFailed, IOException {
    if (attributes.isSymbolicLink()) {
      var link = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
      link.setLinkName(target(folder, path, name));
      return link;
    }
    if (attributes.isDirectory()) {
      var directory = new TarArchiveEntry(name + "/");
      directory.setMode(0040000 | bits(attributes.permissions()));
      return directory;
    }
    if (!attributes.isRegularFile()) {
      throw new BuildFailed("the artifact's " + name + " is neither a file, a folder nor a link");
    }
    var file = new TarArchiveEntry(name);
    file.setMode(0100000 | bits(attributes.permissions()));
    file.setSize(attributes.size());
    return file;
  }

  /** A link that led out of the release would mean something else on every machine. */
  private static String target(Path folder, Path link, String name)
      throws BuildFailed, IOException {
    var target = Files.readSymbolicLink(link);
    try {
      if (!target.isAbsolute() && link.toRealPath().startsWith(folder)) {
        return target.toString();
      }
    } catch (IOException dangling) {
      throw new BuildFailed("the artifact's " + name + " is a link to nothing: " + target);
    }
    throw new BuildFailed("the artifact's " + name + " is a link that leaves it: " + target);
  }

  /** Without others' right to write, which only tells of the umask of who built it. */
  private static int bits(Set<PosixFilePermission> permissions) {
    var bits = 0;
    for (var permission : permissions) {
      bits |= bit(permission);
    }
    return bits & ~OTHERS_WRITE;
  }

  private static int bit(PosixFilePermission permission) {
    return switch (permission) {
      case OWNER_READ -> 0400;
      case OWNER_WRITE -> 0200;
      case OWNER_EXECUTE -> 0100;
      case GROUP_READ -> 040;
      case GROUP_WRITE -> 020;
      case GROUP_EXECUTE -> 010;
      case OTHERS_READ -> 04;
      case OTHERS_WRITE -> 02;
      case OTHERS_EXECUTE -> 01;
    };
  }
}
