package dev.slipway.worker.publish;

import dev.slipway.common.artifact.Form;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * A folder's content as a tar: sorted, without times and owners, so that equal folders are equal
 * bytes.
 */
final class TarPack implements Packed {
  /** What a tar is made of. */
  private static final int BLOCK = 512;

  private final String name;
  private final List<Item> items;
  private final long size;

  /** An entry and, for a file, where its content is. */
  record Item(TarArchiveEntry entry, Path source) {}

  TarPack(String name, List<Item> items) throws IOException {
    this.name = name;
    this.items = List.copyOf(items);
    this.size = sizeOf(items);
  }

  @Override
  public Form form() {
    return Form.TAR;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    var tar = open(out);
    for (var item : items) {
      tar.putArchiveEntry(item.entry());
      if (item.entry().isFile() && !item.entry().isSymbolicLink()) {
        FilePack.copy(item.source(), tar);
      }
      tar.closeArchiveEntry();
    }
    tar.finish();
    tar.flush();
  }

  /** Headers are written for good measure, contents are only counted; two empty blocks end it. */
  private static long sizeOf(List<Item> items) throws IOException {
    var size = 2L * BLOCK;
    for (var item : items) {
      size += headerOf(item.entry()) + Math.ceilDiv(item.entry().getSize(), BLOCK) * BLOCK;
    }
    return size;
  }

  @SuppressWarnings("resource") // a tar in the middle of an entry refuses to be closed
  private static long headerOf(TarArchiveEntry entry) throws IOException {
    var tar = open(OutputStream.nullOutputStream());
    tar.putArchiveEntry(entry);
    return tar.getBytesWritten();
  }

  private static TarArchiveOutputStream open(OutputStream out) {
    var tar = new TarArchiveOutputStream(out, BLOCK, StandardCharsets.UTF_8.name());
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    tar.setAddPaxHeadersForNonAsciiNames(true);
    return tar;
  }
}
