package dev.slipway.common.swarm;

import dev.slipway.common.problem.InvalidInput;
import java.net.URI;
import java.util.Base64;
import java.util.BitSet;

/**
 * What a machine asks its regional agent, which deals the pieces of an artifact: one of those that
 * it lacks.
 *
 * @param pieceLength bytes of each piece but the last
 * @param lacks the pieces' numbers
 * @param again whether one that was dealt before will do
 */
public record PieceWish(int pieceLength, BitSet lacks, boolean again) {
  /** The most pieces of an artifact that is dealt. */
  public static final int MOST_PIECES = 4_096;

  private static final String DEALT = "pieces=dealt";
  private static final int LONGEST_LACKS = MOST_PIECES / Byte.SIZE * 4 / 3 + 4;

  /**
   * Reads a wish.
   *
   * @param lacks bits in Base64 for addresses, the lowest piece in the lowest bit
   * @throws InvalidInput unless it is one for an artifact of {@code size} bytes
   */
  public static PieceWish parse(long size, int pieceLength, String lacks, boolean again) {
    InvalidInput.unless(
        pieceLength >= Torrent.SHORTEST_PIECE && pieceLength <= Torrent.LONGEST_PIECE,
        "pieceLength",
        "must be 16 KiB to 16 MiB");
    var pieces = Math.ceilDiv(size, pieceLength);
    InvalidInput.unless(
        pieces >= 1 && pieces <= MOST_PIECES,
        "pieceLength",
        "must make 1 to " + MOST_PIECES + " pieces of " + size + " bytes");
    var bits = bits(lacks);
    InvalidInput.unless(
        bits.length() <= pieces, "lacks", "must name none but the " + pieces + " pieces there are");
    return new PieceWish(pieceLength, bits, again);
  }

  private static BitSet bits(String base64) {
    InvalidInput.unless(
        base64.length() <= LONGEST_LACKS,
        "lacks",
        "must be at most " + LONGEST_LACKS + " characters");
    try {
      return BitSet.valueOf(Base64.getUrlDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      throw new InvalidInput("lacks", "must be Base64 for addresses");
    }
  }

  /** Where a wish is told: {@code <artifact>/next?…}. */
  public URI address(URI artifact) {
    var bits = Base64.getUrlEncoder().withoutPadding().encodeToString(lacks.toByteArray());
    return URI.create(
        "%s/next?pieceLength=%d&again=%s&lacks=%s".formatted(artifact, pieceLength, again, bits));
  }

  /**
   * An announce address for members whose pieces are dealt: they do not meet the regional agent's
   * own peer, of which many would ask the same pieces.
   */
  public static URI dealtAt(URI announce) {
    return URI.create(announce + "?" + DEALT);
  }

  /** Whether an announce address, or an announce's query, is of a member whose pieces are dealt. */
  public static boolean isDealt(String address) {
    return address.contains(DEALT);
  }
}
