package dev.slipway.common.swarm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.libtorrent4j.Vectors;
import org.libtorrent4j.swig.add_torrent_params;
import org.libtorrent4j.swig.error_code;
import org.libtorrent4j.swig.libtorrent;

/** What the engine knows of an unfinished file, kept beside it as {@code <name>.resume}. */
final class ResumeFile {
  private static final int LARGEST = 4 << 20;

  private final Path path;
  private final String infoHash;
  private boolean finished;

  ResumeFile(Path folder, Torrent torrent) {
    this.path = folder.resolve(torrent.name() + ".resume");
    this.infoHash = torrent.infoHash();
  }

  /** What was kept for this very torrent; none when there is nothing, or nothing readable. */
  Optional<add_torrent_params> read() throws IOException {
    if (!Files.isRegularFile(path) || Files.size(path) > LARGEST) {
      return Optional.empty();
    }
    var error = new error_code();
    var bytes = Vectors.bytes2byte_vector(Files.readAllBytes(path));
    var kept = libtorrent.read_resume_data_ex(bytes, error);
    var same = error.value() == 0 && kept.getInfo_hashes().getV1().to_hex().equals(infoHash);
    return same ? Optional.of(kept) : Optional.empty();
  }

  synchronized void write(byte[] bytes) throws IOException {
    if (!finished) {
      var draft = path.resolveSibling(path.getFileName() + ".tmp");
      Files.write(draft, bytes);
      Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Nothing is left to resume: no later write counts. */
  synchronized void finish() throws IOException {
    finished = true;
    Files.deleteIfExists(path);
  }
}
