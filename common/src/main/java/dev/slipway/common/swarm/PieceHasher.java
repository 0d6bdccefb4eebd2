package dev.slipway.common.swarm;

import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.problem.InvalidInput;
import java.security.DigestException;
import java.security.MessageDigest;

/** Makes an artifact's torrent from its bytes as they pass by, once. Not for several threads. */
public final class PieceHasher {
  /** More pieces spread faster, fewer make less metadata: between one and two thousand. */
  private static final int AIM = 1_000;

  private final long size;
  private final int pieceLength;
  private final byte[] pieces;
  private final MessageDigest sha1 = Torrent.sha1();
  private long seen;

  /**
   * @param size bytes, 1 to {@link dev.slipway.common.artifact.Manifest#MAX_SIZE}
   */
  public PieceHasher(long size) {
    Torrent.checkSize(size);
    this.size = size;
    this.pieceLength = pieceLength(size);
    this.pieces = new byte[(int) Math.ceilDiv(size, pieceLength) * Torrent.HASH_BYTES];
  }

  static int pieceLength(long size) {
    var wanted = Long.highestOneBit(Math.max(1, size / AIM));
    return Math.clamp(wanted, Torrent.SHORTEST_PIECE, Torrent.LONGEST_PIECE);
  }

  /**
   * Takes the next bytes.
   *
   * @throws InvalidInput when there are more than were announced
   */
  public void update(byte[] bytes, int offset, int length) {
    InvalidInput.unless(
        length <= size - seen, "artifact", "must not grow while it is read: " + size + " bytes");
    var from = offset;
    var left = length;
    while (left > 0) {
      var n = (int) Math.min(left, pieceLength - seen % pieceLength);
      sha1.update(bytes, from, n);
      from += n;
      left -= n;
      seen += n;
      if (seen % pieceLength == 0 || seen == size) {
        endPiece();
      }
    }
  }

  private void endPiece() {
    try {
      var piece = (int) ((seen - 1) / pieceLength);
      sha1.digest(pieces, piece * Torrent.HASH_BYTES, Torrent.HASH_BYTES);
    } catch (DigestException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The torrent, after the last byte.
   *
   * @param name the digest of the same bytes
   * @throws InvalidInput when there were fewer bytes than announced
   */
  public Torrent finish(Sha256 name) {
    InvalidInput.unless(
        seen == size, "artifact", "must not shrink while it is read: " + size + " bytes");
    return new Torrent(name, size, pieceLength, pieces);
  }
}
