package dev.slipway.common.swarm;

import dev.slipway.common.artifact.Manifest;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.problem.InvalidInput;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The torrent of one artifact: a v1 (BEP 3), private (BEP 27), single-file info dictionary. Equal
 * bytes have equal torrents, so everyone who holds an artifact is in one swarm; where peers speak
 * TLS, everyone who trusts the same root.
 */
public final class Torrent {
  /** The largest info dictionary that is read. */
  public static final int MAX_INFO_BYTES = 1 << 20;

  static final int SHORTEST_PIECE = 16 << 10;
  static final int LONGEST_PIECE = 16 << 20;
  static final int HASH_BYTES = 20;
  private static final String FIELD = "torrent";

  private final Sha256 name;
  private final long size;
  private final int pieceLength;
  private final byte[] pieces;

  /** Whom its peers trust, PEM; none where they do not speak TLS. */
  private final @Nullable String root;

  Torrent(Sha256 name, long size, int pieceLength, byte[] pieces) {
    this(name, size, pieceLength, pieces, null);
  }

  private Torrent(Sha256 name, long size, int pieceLength, byte[] pieces, @Nullable String root) {
    checkSize(size);
    InvalidInput.unless(
        pieceLength >= SHORTEST_PIECE
            && pieceLength <= LONGEST_PIECE
            && Integer.bitCount(pieceLength) == 1,
        FIELD,
        "must have pieces of a power of two of 16 KiB to 16 MiB");
    InvalidInput.unless(
        pieces.length == Math.ceilDiv(size, pieceLength) * HASH_BYTES,
        FIELD,
        "must have one hash a piece");
    this.name = name;
    this.size = size;
    this.pieceLength = pieceLength;
    this.pieces = pieces;
    this.root = root;
  }

  static void checkSize(long size) {
    InvalidInput.unless(
        size >= 1 && size <= Manifest.MAX_SIZE,
        "size",
        "must be 1 to " + Manifest.MAX_SIZE + " bytes: an empty artifact cannot be shared");
  }

  /**
   * Reads an info dictionary.
   *
   * @throws InvalidInput unless it is one that {@link #info()} could have made
   */
  public static Torrent parse(byte[] info) {
    InvalidInput.unless(
        info.length <= MAX_INFO_BYTES, FIELD, "must be at most " + MAX_INFO_BYTES + " bytes");
    var reader = new BencodeReader(FIELD, info);
    reader.expect('d');
    reader.key("length");
    var size = reader.integer();
    reader.key("name");
    var name = new Sha256(new String(reader.string(64), StandardCharsets.ISO_8859_1));
    reader.key("piece length");
    var pieceLength = reader.integer();
    InvalidInput.unless(pieceLength <= LONGEST_PIECE, FIELD, "must have pieces of at most 16 MiB");
    reader.key("pieces");
    var pieces = reader.string(MAX_INFO_BYTES);
    reader.key("private");
    InvalidInput.unless(reader.integer() == 1, FIELD, "must be private");
    reader.expect('e');
    reader.end();
    return new Torrent(name, size, (int) pieceLength, pieces);
  }

  /**
   * The same pieces in a swarm of its own, whose peers speak TLS and trust this root alone.
   *
   * @param root a certificate, PEM
   */
  Torrent in(String root) {
    return new Torrent(name, size, pieceLength, pieces, root);
  }

  /** The bencoded info dictionary. */
  public byte[] info() {
    var info =
        new BencodeWriter()
            .raw("d")
            .string("length")
            .integer(size)
            .string("name")
            .string(name.value())
            .string("piece length")
            .integer(pieceLength)
            .string("pieces")
            .string(pieces)
            .string("private")
            .integer(1);
    if (root != null) {
      info.string("ssl-cert").string(root);
    }
    return info.raw("e").bytes();
  }

  /** A torrent file without trackers: what engines read. */
  byte[] metainfo() {
    return new BencodeWriter().raw("d").string("info").raw(info()).raw("e").bytes();
  }

  /** The file's name: the artifact's SHA-256 in hex. */
  public String name() {
    return name.value();
  }

  /** Bytes, 1 to {@link Manifest#MAX_SIZE}. */
  public long size() {
    return size;
  }

  /** Bytes of each piece but the last. */
  public int pieceLength() {
    return pieceLength;
  }

  /** How many pieces there are. */
  public int pieces() {
    return pieces.length / HASH_BYTES;
  }

  /** Bytes of one piece. */
  public int lengthOf(int piece) {
    return (int) Math.min(pieceLength, size - (long) piece * pieceLength);
  }

  /** What names the swarm: the SHA-1 of {@link #info()}, in hex. */
  public String infoHash() {
    return HexFormat.of().formatHex(sha1().digest(info()));
  }

  static MessageDigest sha1() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Torrent that && infoHash().equals(that.infoHash());
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return "Torrent[" + name + ", " + size + " bytes]";
  }
}
