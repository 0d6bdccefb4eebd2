package dev.slipway.common.blob;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A page of the objects below a folder. What comes and goes meanwhile may be in it or not; symbolic
 * links and hidden files are no objects.
 */
final class FolderList {
  private final Page page;
  private final BlobStore store;
  private final List<BlobInfo> found = new ArrayList<>();

  /**
   * @param store describes the objects
   */
  FolderList(Page page, BlobStore store) {
    this.page = page;
    this.store = store;
  }

  /**
   * The page.
   *
   * @param folder where its prefix leads
   */
  List<BlobInfo> in(Path folder) throws IOException {
    walk(folder, page.prefix());
    return List.copyOf(found);
  }

  private void walk(Path folder, String prefix) throws IOException {
    for (var entry : entries(folder, prefix).entrySet()) {
      if (found.size() == page.limit()) {
        return;
      }
      if (entry.getKey().endsWith("/")) {
        walk(entry.getValue(), entry.getKey());
      } else {
        store.stat(entry.getKey()).ifPresent(found::add);
      }
    }
  }

  /** In the order of names, where a folder counts with its slash: a-b, a/b, ab. */
  private SortedMap<String, Path> entries(Path folder, String prefix) throws IOException {
    var entries = new TreeMap<String, Path>();
    try (var files = Files.newDirectoryStream(folder)) {
      for (var file : files) {
        var name = prefix + file.getFileName();
        if (Files.isRegularFile(file, NOFOLLOW_LINKS) && page.covers(name)) {
          entries.put(name, file);
        } else if (Files.isDirectory(file, NOFOLLOW_LINKS) && page.reaches(name + "/")) {
          entries.put(name + "/", file);
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      // no object has such a name
    }
    return entries;
  }
}
