package dev.slipway.common.swarm;

import dev.slipway.common.artifact.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;
import org.jspecify.annotations.NullMarked;

/** Artifacts of random bytes, for tests. */
@NullMarked
public final class Artifacts {
  private Artifacts() {}

  /** Bytes that the same seed makes again. */
  public static byte[] bytes(int size, long seed) {
    var bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** The torrent of these bytes. */
  public static Torrent torrent(byte[] bytes) {
    var hasher = new PieceHasher(bytes.length);
    hasher.update(bytes, 0, bytes.length);
    return hasher.finish(new Sha256(sha256(bytes)));
  }

  /** Writes the bytes under the name that their torrent gives them. */
  public static Path write(Path folder, byte[] bytes) throws IOException {
    Files.createDirectories(folder);
    return Files.write(folder.resolve(sha256(bytes)), bytes);
  }

  public static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
