package dev.slipway.worker.publish;

import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.blob.Crc32c;
import dev.slipway.common.delta.BlockHasher;
import dev.slipway.common.delta.BlockSignatures;
import dev.slipway.common.swarm.PieceHasher;
import dev.slipway.common.swarm.Torrent;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** Computes all that is told of an artifact while its bytes go to the bucket, once. */
final class OnePass {
  private final MessageDigest sha256 = newSha256();
  private final CRC32C crc32c = new CRC32C();
  private final PieceHasher pieces;
  private final BlockHasher blocks;
  private final Packed packed;

  /** What passed by. */
  record Digests(Sha256 sha256, String crc32c, Torrent torrent, BlockSignatures blocks) {}

  OnePass(Packed packed) {
    this.packed = packed;
    this.pieces = new PieceHasher(packed.size());
    this.blocks = new BlockHasher(packed.size());
  }

  /** Writes the artifact and tells what was written. */
  Digests writeTo(OutputStream bucket) throws IOException {
    new Pipeline()
        .to(bucket::write)
        .to(sha256::update)
        .to(crc32c::update)
        .to(pieces::update)
        .to(blocks::update)
        .pass(packed::writeTo);
    var digest = new Sha256(HexFormat.of().formatHex(sha256.digest()));
    return new Digests(digest, Crc32c.text(crc32c), pieces.finish(digest), blocks.finish());
  }

  private static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
