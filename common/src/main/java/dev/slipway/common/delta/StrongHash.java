package dev.slipway.common.delta;

import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The first 64 bits of a block's SHA-256. Not for several threads. */
final class StrongHash {
  private final MessageDigest sha256;
  private final ByteBuffer digest;

  StrongHash() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
      digest = ByteBuffer.allocate(sha256.getDigestLength());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  long of(byte[] bytes, int offset, int length) {
    try {
      sha256.update(bytes, offset, length);
      sha256.digest(digest.array(), 0, digest.capacity());
      return digest.getLong(0);
    } catch (DigestException e) {
      throw new IllegalStateException(e);
    }
  }
}
