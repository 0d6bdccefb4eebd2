package dev.slipway.region.cache;

import dev.slipway.common.artifact.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;

/** The check that counts: the SHA-256 over all bytes of an artifact. */
public final class Digests {
  private static final int BUFFER = 256 << 10;

  private Digests() {}

  /**
   * Copies bytes.
   *
   * @return how many
   * @throws DigestMismatch after the last one, when they are not the artifact's
   */
  public static long copy(InputStream in, OutputStream out, Sha256 wanted) throws IOException {
    var digest = sha256();
    var buffer = new byte[BUFFER];
    var size = 0L;
    for (int n; (n = in.read(buffer)) >= 0; size += n) {
      digest.update(buffer, 0, n);
      out.write(buffer, 0, n);
    }
    var found = new Sha256(HexFormat.of().formatHex(digest.digest()));
    if (!found.equals(wanted)) {
      throw new DigestMismatch(wanted, found);
    }
    return size;
  }

  /**
   * Reads bytes to their end.
   *
   * @throws DigestMismatch when they are not the artifact's
   */
  public static void check(InputStream in, Sha256 wanted) throws IOException {
    copy(in, OutputStream.nullOutputStream(), wanted);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
