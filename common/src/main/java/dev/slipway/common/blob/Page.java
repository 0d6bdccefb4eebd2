package dev.slipway.common.blob;

import dev.slipway.common.problem.InvalidInput;

/** What a {@link BlobStore#list} asks for. */
record Page(String prefix, String after, int limit) {
  static Page checked(String prefix, String after, int limit) {
    InvalidInput.unless(
        prefix.isEmpty() || isPrefix(prefix),
        "prefix",
        "must be empty or segments of an object name, each with a slash behind it");
    InvalidInput.unless(
        after.isEmpty() || BlobNames.isGood(after), "after", "must be empty or an object name");
    InvalidInput.unless(
        limit >= 1 && limit <= BlobStore.MAX_LISTED,
        "limit",
        "must be 1 to " + BlobStore.MAX_LISTED);
    return new Page(prefix, after, limit);
  }

  boolean covers(String name) {
    return name.startsWith(prefix) && name.compareTo(after) > 0 && BlobNames.isGood(name);
  }

  /** Whether it may cover names that begin with a folder's, which ends in a slash. */
  boolean reaches(String folder) {
    return (folder.compareTo(after) > 0 || after.startsWith(folder)) && isPrefix(folder);
  }

  private static boolean isPrefix(String folder) {
    return folder.endsWith("/") && BlobNames.isGood(folder + "x");
  }
}
