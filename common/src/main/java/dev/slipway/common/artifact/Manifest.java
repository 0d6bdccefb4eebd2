package dev.slipway.common.artifact;

import dev.slipway.common.app.AppName;
import dev.slipway.common.job.CommitSha;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.recipe.RunRecipe;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a machine must know of an artifact before it trusts and runs it. Only ever used after its
 * signature was checked.
 *
 * @param size bytes, up to 10 GiB
 * @param crc32c of the bytes, as Cloud Storage writes it: base64 of the big-endian value
 * @param fileName the file's name, or the folder's, in the release
 * @param torrentInfo the bencoded info dictionary of the artifact's torrent (v1, private); base64
 *     in JSON
 * @param blocks the object with the artifact's block signatures; none of small artifacts, and of
 *     those that were published before there were any
 * @param run how to run it; none for an artifact that is only put there
 * @param builder the worker that built it
 */
public record Manifest(
    AppName app,
    long job,
    int attempt,
    CommitSha commit,
    long size,
    Sha256 sha256,
    String crc32c,
    Form form,
    String fileName,
    String torrentInfo,
    @Nullable Blocks blocks,
    @Nullable RunRecipe run,
    String builder,
    Instant builtAt) {
  /**
   * Block signatures, which are trusted when they match.
   *
   * @param size bytes
   */
  public record Blocks(Sha256 sha256, int size) {
    public Blocks {
      InvalidInput.unless(size > 0, "blocks.size", "must be at least 1 byte");
    }
  }

  /** The type of payload that it is in its {@link Envelope}. */
  public static final String TYPE = "application/vnd.slipway.manifest+json";

  /** The largest envelope that anyone reads: the pieces of 10 GiB and room to spare. */
  public static final int MAX_SIGNED_BYTES = 2 << 20;

  /** The largest artifact. */
  public static final long MAX_SIZE = 10L << 30;

  public Manifest {
    InvalidInput.unless(
        size >= 0 && size <= MAX_SIZE, "size", "must be 0 to " + MAX_SIZE + " bytes");
    InvalidInput.unless(
        fileName.matches("[^/\\x00-\\x1f]{1,255}")
            && !fileName.equals(".")
            && !fileName.equals(".."),
        "fileName",
        "must be a plain file name of 1 to 255 characters");
  }
}
