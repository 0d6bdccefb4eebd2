package dev.slipway.worker.publish;

import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.delta.BlockHasher;
import dev.slipway.common.delta.BlockSignatures;
import dev.slipway.common.swarm.PieceHasher;
import dev.slipway.common.swarm.Torrent;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** Computes all that is told of an artifact while its bytes pass by, once. */
final class HashedStream extends OutputStream {
  private final OutputStream out;
  private final MessageDigest sha256 = newSha256();
  private final CRC32C crc32c = new CRC32C();
  private final PieceHasher pieces;
  private final BlockHasher blocks;

  /** What passed by. */
  record Digests(Sha256 sha256, String crc32c, Torrent torrent, BlockSignatures blocks) {}

  /**
   * @param size bytes that will pass by
   */
  HashedStream(OutputStream out, long size) {
    this.out = out;
    this.pieces = new PieceHasher(size);
    this.blocks = new BlockHasher(size);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
    sha256.update(bytes, offset, length);
    crc32c.update(bytes, offset, length);
    pieces.update(bytes, offset, length);
    blocks.update(bytes, offset, length);
  }

  /** After the last byte. */
  Digests finish() {
    var digest = new Sha256(HexFormat.of().formatHex(sha256.digest()));
    var checksum = ByteBuffer.allocate(Integer.BYTES).putInt((int) crc32c.getValue()).array();
    return new Digests(
        digest,
        Base64.getEncoder().encodeToString(checksum),
        pieces.finish(digest),
        blocks.finish());
  }

  private static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
