package dev.slipway.common.blob;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
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

  /**
   * The same, where the size is known before: a store may send something large in several streams.
   *
   * @param size bytes that {@code content} is about to write; another number does no harm
   */
  default BlobInfo create(String name, long size, Content content) throws IOException {
    return create(name, content);
  }

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

  /**
   * The same, with notes for whoever looks into the bucket by other means; nothing here reads them.
   * A folder has no place for them.
   */
  default BlobInfo move(String from, String to, Map<String, String> notes) throws IOException {
    return move(from, to);
  }

  /** Removes an object; one that is not there is no error. */
  void delete(String name) throws IOException;

  /** The most that one {@link #list} tells. */
  int MAX_LISTED = 1_000;

  /**
   * The next objects in the order of their names. One that nobody could create here, as its name is
   * not a good one, is left out.
   *
   * @param prefix how their names begin: whole segments with a slash at the end, or empty for all
   * @param after only names behind this one; empty to begin with
   * @param limit how many at most, 1 to {@link #MAX_LISTED}; fewer than that are the last
   */
  List<BlobInfo> list(String prefix, String after, int limit) throws IOException;

  /**
   * Copies an object of another bucket, of that very content, to the same name here; its bytes do
   * not pass this process where both buckets are of one service that can do so.
   *
   * @param object as {@code source} described it
   * @throws BlobExists when there is an object of that name, be it that an earlier try put it there
   * @throws java.nio.file.NoSuchFileException when {@code source} no longer has it
   * @throws IOException also when {@code source} holds other bytes than described; nothing is left
   */
  default BlobInfo copyFrom(BlobStore source, BlobInfo object) throws IOException {
    return BlobCopy.through(source, object, this);
  }
}
