package dev.slipway.common.blob;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.READ;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A folder as a bucket: an object's name is its file's path. Several processes of one machine may
 * share it. Objects are linked to their names once they are whole and on disk, so the file system
 * must know hard links. Unlike in Cloud Storage no object can be below another's name.
 */
public final class FolderBlobStore implements BlobStore {
  private static final Duration ABANDONED = Duration.ofDays(1);

  private final FolderTree tree;
  private final FolderUploads uploads;

  /** Opens the folder, which is made where it is missing. */
  public FolderBlobStore(Path root) throws IOException {
    this(root, Clock.systemUTC());
  }

  FolderBlobStore(Path root, Clock clock) throws IOException {
    tree = new FolderTree(root);
    uploads = new FolderUploads(tree.own(".uploads"));
    uploads.removeUntouchedSince(clock.instant().minus(ABANDONED));
  }

  @Override
  public BlobInfo create(String name, Content content) throws IOException {
    var target = tree.prepare(BlobNames.checked(name));
    if (Files.exists(target, NOFOLLOW_LINKS)) {
      throw new BlobExists(name);
    }
    return uploads.write(
        name,
        content,
        whole -> {
          var info = describe(name, whole, attributes(whole));
          if (!link(target, whole)) {
            throw new BlobExists(name);
          }
          return info;
        });
  }

  @Override
  public Optional<BlobInfo> stat(String name) throws IOException {
    var file = tree.locate(BlobNames.checked(name));
    try {
      var attributes = attributes(file);
      return attributes.isRegularFile()
          ? Optional.of(describe(name, file, attributes))
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public InputStream read(String name, long offset, long length) throws IOException {
    var file = tree.locate(BlobNames.checked(name));
    if (!Files.isRegularFile(file, NOFOLLOW_LINKS)) {
      throw new NoSuchFileException(name);
    }
    var channel = FileChannel.open(file, READ, NOFOLLOW_LINKS);
    try {
      var bytes = Ranges.length(offset, length, channel.size());
      return new RangeInputStream(
          name, Channels.newInputStream(channel.position(offset)), bytes, null);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public BlobInfo move(String from, String to) throws IOException {
    BlobNames.checked(to);
    if (!from.equals(to) && stat(from).isPresent()) {
      rename(from, to);
    }
    return stat(to).orElseThrow(() -> new NoSuchFileException(from));
  }

  private void rename(String from, String to) throws IOException {
    var source = tree.locate(from);
    var target = tree.prepare(to);
    if (!link(target, source) && !Files.isRegularFile(target, NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(to, null, "is a folder");
    }
    delete(from);
  }

  @Override
  public void delete(String name) throws IOException {
    var file = tree.locate(BlobNames.checked(name));
    if (Files.isRegularFile(file, NOFOLLOW_LINKS) && Files.deleteIfExists(file)) {
      FolderTree.sync(FolderTree.parent(file));
    }
  }

  @Override
  public List<BlobInfo> list(String prefix, String after, int limit) throws IOException {
    var page = Page.checked(prefix, after, limit);
    return new FolderList(page, this).in(tree.folder(prefix));
  }

  /** Gives a file a second name; false when there is something of that name. */
  private static boolean link(Path name, Path file) throws IOException {
    try {
      Files.createLink(name, file);
    } catch (FileAlreadyExistsException e) {
      return false;
    }
    FolderTree.sync(FolderTree.parent(name));
    return true;
  }

  private static BasicFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS);
  }

  private static BlobInfo describe(String name, Path file, BasicFileAttributes attributes)
      throws IOException {
    return new BlobInfo(
        name,
        attributes.size(),
        FileChecksums.of(file, attributes),
        attributes.lastModifiedTime().to(TimeUnit.MICROSECONDS));
  }
}
