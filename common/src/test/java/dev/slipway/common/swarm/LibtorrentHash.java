package dev.slipway.common.swarm;

import java.io.File;
import java.io.IOException;
import org.jspecify.annotations.NullMarked;
import org.libtorrent4j.TorrentBuilder;
import org.libtorrent4j.TorrentInfo;

/**
 * Prints the info hash that libtorrent itself computes of a file. Its hashing maps the file into
 * memory and takes SIGSEGV away from the JVM for that, which crashes the JVM some time later: so it
 * runs in a process of its own.
 */
@NullMarked
final class LibtorrentHash {
  private LibtorrentHash() {}

  /**
   * Prints one line.
   *
   * @param arguments a file and the length of pieces
   */
  public static void main(String[] arguments) throws IOException {
    if (!LibtorrentSwarm.isAvailable()) {
      throw new IllegalStateException("libtorrent does not run here");
    }
    var torrent =
        new TorrentBuilder()
            .path(new File(arguments[0]))
            .pieceSize(Integer.parseInt(arguments[1]))
            .flags(TorrentBuilder.V1_ONLY)
            .setPrivate(true)
            .generate();
    System.out.println(new TorrentInfo(torrent.entry().bencode()).infoHash().toHex());
  }
}
