package dev.slipway.bench.fanout;

import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.swarm.PieceHasher;
import dev.slipway.common.swarm.Torrent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;

/**
 * The artifact that is sent around: random bytes, with its torrent.
 *
 * @param folder where its file is
 * @param info a file with the torrent's info dictionary
 */
record Cargo(Path folder, Torrent torrent, Path info) {
  private static final int BLOCK = 1 << 20;

  /** Makes one of so many MiB; equal numbers make equal bytes. */
  static Cargo make(Path folder, int mib, long number) throws IOException {
    Files.createDirectories(folder);
    var size = (long) mib * BLOCK;
    var random = new Random(number);
    var pieces = new PieceHasher(size);
    var digest = sha256();
    var file = folder.resolve("new");
    try (var out = Files.newOutputStream(file)) {
      var block = new byte[BLOCK];
      for (var i = 0; i < mib; i++) {
        random.nextBytes(block);
        out.write(block);
        pieces.update(block, 0, block.length);
        digest.update(block);
      }
    }
    var name = new Sha256(HexFormat.of().formatHex(digest.digest()));
    var torrent = pieces.finish(name);
    Files.move(file, folder.resolve(torrent.name()));
    var info = folder.resolve("info");
    Files.write(info, torrent.info());
    return new Cargo(folder, torrent, info);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether a host's file is this one, byte for byte. */
  boolean isIn(Path there) throws IOException {
    var file = there.resolve(torrent.name());
    return Files.isRegularFile(file) && Files.mismatch(file, folder.resolve(torrent.name())) == -1;
  }

  /** How long a link takes for it, in seconds. */
  double secondsAt(int mbit) {
    return torrent.size() * 8 / (mbit * 1e6);
  }
}
