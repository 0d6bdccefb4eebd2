package dev.slipway.common.blob;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.READ;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

/**
 * The CRC32C of files, kept in an extended attribute so that it need not be read out of 10 GB each
 * time. What is kept counts only while the file has the size and the time of change that it had
 * then; else, and where a file system keeps no such attributes, the bytes are read again. So a file
 * that was changed or cut short behind the store's back is never described as what it was.
 */
final class FileChecksums {
  private static final String ATTRIBUTE = "slipway.crc32c";
  private static final int MAX_LENGTH = 100;
  private static final int BUFFER = 256 << 10;

  private FileChecksums() {}

  static String of(Path file, BasicFileAttributes attributes) throws IOException {
    var seal = seal(attributes);
    var kept = kept(file).filter(text -> text.startsWith(seal));
    if (kept.isPresent()) {
      return kept.get().substring(seal.length());
    }
    var crc32c = compute(file);
    keep(file, attributes, crc32c);
    return crc32c;
  }

  /** Notes what the file's CRC32C is while it has these attributes. */
  static void keep(Path file, BasicFileAttributes attributes, String crc32c) {
    try {
      view(file)
          .write(
              ATTRIBUTE,
              ByteBuffer.wrap((seal(attributes) + crc32c).getBytes(StandardCharsets.US_ASCII)));
    } catch (IOException | UnsupportedOperationException e) {
      // a note that is missing costs a reading, nothing else
    }
  }

  private static String seal(BasicFileAttributes attributes) {
    return attributes.size() + " " + attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS) + " ";
  }

  private static Optional<String> kept(Path file) {
    try {
      var text = ByteBuffer.allocate(MAX_LENGTH);
      view(file).read(ATTRIBUTE, text);
      return Optional.of(StandardCharsets.US_ASCII.decode(text.flip()).toString());
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }

  private static UserDefinedFileAttributeView view(Path file) {
    var view = Files.getFileAttributeView(file, UserDefinedFileAttributeView.class, NOFOLLOW_LINKS);
    if (view == null) {
      throw new UnsupportedOperationException();
    }
    return view;
  }

  private static String compute(Path file) throws IOException {
    var crc = new CRC32C();
    try (var in = Files.newByteChannel(file, READ, NOFOLLOW_LINKS)) {
      var buffer = ByteBuffer.allocateDirect(BUFFER);
      while (in.read(buffer) >= 0) {
        crc.update(buffer.flip());
        buffer.clear();
      }
    }
    return Crc32c.text(crc);
  }
}
