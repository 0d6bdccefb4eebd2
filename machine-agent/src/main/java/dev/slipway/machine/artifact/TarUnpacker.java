package dev.slipway.machine.artifact;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks a tar without trusting it: only plain files, folders and links that stay inside, each
 * once, bounded in number, length and sum. Owners, times and special permissions are not taken.
 */
final class TarUnpacker {
  private static final int MOST_ENTRIES = 200_000;
  private static final long LARGEST_HEADER = 1 << 20;
  private static final int BUFFER = 128 << 10;
  private static final int LONGEST_PATH = 1_000;
  private static final int LONGEST_NAME = 255;

  /** The library's isFile() is also true of devices and pipes. */
  private static final Set<Byte> PLAIN = Set.of(TarConstants.LF_OLDNORM, TarConstants.LF_NORMAL);

  private static final int OWNER_EXECUTES = 0100;

  private final Path root;
  private final long most;
  private final int mostEntries;
  private int entries;

  /** With those that only a path names: a long one is as good as hundreds of entries. */
  private int folders;

  private long bytes;

  /**
   * @param root an empty folder
   * @param most bytes of all files together
   */
  TarUnpacker(Path root, long most) {
    this(root, most, MOST_ENTRIES);
  }

  TarUnpacker(Path root, long most, int mostEntries) {
    this.root = root;
    this.most = most;
    this.mostEntries = mostEntries;
  }

  void unpack(Path tar) throws IOException, Refused, InterruptedException {
    try (var file = new Meter(Files.newInputStream(tar));
        var in = new TarArchiveInputStream(file)) {
      for (var entry = next(in, file); entry != null; entry = next(in, file)) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        take(entry, in);
      }
    }
  }

  private static @Nullable TarArchiveEntry next(TarArchiveInputStream in, Meter file)
      throws Refused {
    file.left = LARGEST_HEADER;
    try {
      return in.getNextEntry();
    } catch (IOException | IllegalArgumentException e) {
      // its digest is right, so it will be as damaged the next time
      throw new Refused("the archive is damaged: " + e.getMessage());
    } finally {
      file.left = Long.MAX_VALUE;
    }
  }

  /** Bounds what is read: the library takes headers, long names above all, into memory whole. */
  private static final class Meter extends FilterInputStream {
    private long left = Long.MAX_VALUE;

    Meter(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      return count(super.read(), 1);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      var read = super.read(into, offset, length);
      return count(read, read);
    }

    private int count(int result, int bytes) throws IOException {
      left -= bytes;
      if (left < 0) {
        throw new IOException("a header is over " + LARGEST_HEADER + " bytes");
      }
      return result;
    }
  }

  private void take(TarArchiveEntry entry, TarArchiveInputStream in) throws IOException, Refused {
    check(++entries <= mostEntries, "has more than " + mostEntries + " entries", "");
    var path = inside(entry.getName());
    if (path.equals(root)) {
      check(entry.isDirectory(), "has an entry without a name", "");
      return;
    }
    makeFolders(path.resolve("..").normalize(), entry.getName());
    if (entry.isDirectory()) {
      makeFolders(path, entry.getName());
    } else if (entry.isSymbolicLink()) {
      link(entry, path);
    } else {
      check(
          PLAIN.contains(entry.getLinkFlag()) && !entry.isSparse(),
          "has an entry that is no plain file, folder or symbolic link",
          entry.getName());
      file(entry, path, in);
    }
  }

  private Path inside(String name) throws Refused {
    check(!name.startsWith("/"), "has an absolute path", name);
    check(
        name.length() <= LONGEST_PATH, "has a path of over " + LONGEST_PATH + " characters", name);
    var path = root;
    for (var part : name.split("/", -1)) {
      check(!part.equals(".."), "has a path that leaves it", name);
      check(part.length() <= LONGEST_NAME, "has a name of over 255 characters", name);
      if (!part.isEmpty() && !part.equals(".")) {
        try {
          path = path.resolve(part);
        } catch (InvalidPathException e) {
          throw new Refused("the archive has a name that cannot be a file's");
        }
      }
    }
    return path;
  }

  /** Folder by folder, so that nothing is ever written through a link. */
  private void makeFolders(Path folder, String name) throws IOException, Refused {
    var path = root;
    for (var part : root.relativize(folder)) {
      path = part.toString().isEmpty() ? path : path.resolve(part);
      if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        check(++folders <= mostEntries, "has more than " + mostEntries + " folders", "");
        Files.createDirectory(path);
      }
      check(
          Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS),
          "has a path through what is no folder",
          name);
    }
  }

  private void file(TarArchiveEntry entry, Path path, TarArchiveInputStream in)
      throws IOException, Refused {
    bytes += entry.getSize();
    check(
        entry.getSize() >= 0 && bytes <= most,
        "unpacks to over " + most + " bytes",
        entry.getName());
    check(!Files.exists(path, LinkOption.NOFOLLOW_LINKS), "has an entry twice", entry.getName());
    try (var out = Files.newOutputStream(path, StandardOpenOption.CREATE_NEW)) {
      copy(entry, in, out);
    }
    Files.setPosixFilePermissions(
        path,
        PosixFilePermissions.fromString(
            (entry.getMode() & OWNER_EXECUTES) != 0 ? "rwxr-xr-x" : "rw-r--r--"));
  }

  private static void copy(TarArchiveEntry entry, TarArchiveInputStream in, OutputStream out)
      throws IOException, Refused {
    var buffer = new byte[BUFFER];
    for (var read = read(entry, in, buffer); read >= 0; read = read(entry, in, buffer)) {
      out.write(buffer, 0, read);
    }
  }

  private static int read(TarArchiveEntry entry, TarArchiveInputStream in, byte[] buffer)
      throws Refused {
    try {
      return in.read(buffer, 0, buffer.length);
    } catch (IOException e) {
      check(false, "is damaged in", entry.getName());
      return -1;
    }
  }

  /**
   * A link may go up only at its start and not above the root. Its folder is a real one, so going
   * up from there stays inside; from there on it only goes down, through links of the same kind.
   */
  private void link(TarArchiveEntry entry, Path path) throws IOException, Refused {
    var name = entry.getName();
    var target = entry.getLinkName();
    check(
        !target.isEmpty() && !target.startsWith("/") && target.length() <= LONGEST_PATH,
        "has a link that leaves it",
        name);
    var room = root.relativize(path).getNameCount() - 1;
    var down = false;
    for (var part : target.split("/", -1)) {
      if (part.equals("..")) {
        check(!down && --room >= 0, "has a link that leaves it", name);
      } else if (!part.isEmpty() && !part.equals(".")) {
        down = true;
      }
    }
    check(!Files.exists(path, LinkOption.NOFOLLOW_LINKS), "has an entry twice", name);
    try {
      Files.createSymbolicLink(path, Path.of(target));
    } catch (InvalidPathException e) {
      throw new Refused("the archive has a link that cannot be one");
    }
  }

  private static void check(boolean holds, String what, String name) throws Refused {
    if (!holds) {
      var shown = name.substring(0, Math.min(name.length(), 200)).replaceAll("\\p{Cntrl}", "?");
      throw new Refused("the archive " + what + (shown.isEmpty() ? "" : ": " + shown));
    }
  }
}
