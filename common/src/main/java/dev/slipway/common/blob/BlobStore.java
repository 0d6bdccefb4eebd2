package dev.slipway.common.blob;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/**
 * One bucket. Objects appear whole or not at all and are never changed in place. Names are relative
 * paths of plain segments, at most 1,000 characters; others are refused as {@link
 * dev.slipway.common.problem.InvalidInput}. Every call has a time-out and bounded retries of its
 * own.
 */
public interface BlobStore {
  /** Writes an object's content. */
  @FunctionalInterface
  interface Content {
    /** Writes all of it; an exception leaves no object behind. */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Creates an object from what {@code content} writes, in one pass and at bounded memory.
   *
   * @throws BlobExists when there is an object of that name; it is left as it is
   */
  BlobInfo create(String name, Content content) throws IOException;

  /** What is known of an object; none where there is none. */
  Optional<BlobInfo> stat(String name) throws IOException;

  /**
   * An object's bytes from {@code offset} on, at most {@code length} of them.
   *
   * @throws java.nio.file.NoSuchFileException when there is none
   */
  InputStream read(String name, long offset, long length) throws IOException;

  /**
   * Renames an object inside the bucket; what had the new name already is kept, as names say what
   * is in an object.
   *
   * @throws java.nio.file.NoSuchFileException when there is neither
   */
  BlobInfo move(String from, String to) throws IOException;

  /** Removes an object; one that is not there is no error. */
  void delete(String name) throws IOException;
}
