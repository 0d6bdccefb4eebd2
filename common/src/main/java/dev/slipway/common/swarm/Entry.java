package dev.slipway.common.swarm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.libtorrent4j.AddTorrentParams;
import org.libtorrent4j.Pair;
import org.libtorrent4j.TorrentFlags;
import org.libtorrent4j.TorrentInfo;
import org.libtorrent4j.swig.add_torrent_params;

/** What the engine is told when a torrent enters. */
final class Entry {
  /** What is left free on the disk. */
  private static final long SPARE = 32L << 20;

  private Entry() {}

  /** Fetch what is missing; what is there is taken from the resume file, or checked. */
  static AddTorrentParams join(
      Torrent torrent, Path folder, Swarm.Meeting meeting, ResumeFile resumeFile)
      throws IOException {
    Files.createDirectories(folder);
    var kept = resumeFile.read();
    requireRoom(torrent, folder, kept);
    var params = params(torrent, folder, meeting);
    kept.ifPresent(known -> {
      // only these: its trackers and web seeds are those of another time
      params.swig().set_have_pieces(known.get_have_pieces());
      params.swig().set_unfinished_pieces(known.get_unfinished_pieces());
    });
    return params;
  }

  /** Share a complete file. */
  static AddTorrentParams share(Torrent torrent, Path folder, Swarm.Meeting meeting)
      throws IOException {
    var size = Files.size(folder.resolve(torrent.name()));
    if (size != torrent.size()) {
      throw new IOException(
          torrent.name() + " is " + size + " bytes, not " + torrent.size() + ": not shared");
    }
    var params = params(torrent, folder, meeting);
    params.setFlags(params.getFlags().or_(TorrentFlags.SEED_MODE));
    return params;
  }

  private static AddTorrentParams params(Torrent torrent, Path folder, Swarm.Meeting meeting) {
    var info = new TorrentInfo(torrent.metainfo());
    for (var seed : meeting.webSeeds()) {
      info.addUrlSeed(
          seed.address().toString(),
          "",
          List.of(new Pair<>("Authorization", "Bearer " + seed.token())));
    }
    var params = new AddTorrentParams();
    params.setTorrentInfo(info);
    params.setSavePath(folder.toString());
    params.setTrackers(meeting.trackers().stream().map(Object::toString).toList());
    params.setFlags(
        params
            .getFlags()
            .and_(TorrentFlags.AUTO_MANAGED.inv())
            .and_(TorrentFlags.PAUSED.inv())
            .or_(TorrentFlags.DISABLE_DHT)
            .or_(TorrentFlags.DISABLE_LSD)
            .or_(TorrentFlags.DISABLE_PEX)
            .or_(TorrentFlags.DUPLICATE_IS_ERROR));
    return params;
  }

  private static void requireRoom(Torrent torrent, Path folder, Optional<add_torrent_params> kept)
      throws IOException {
    var file = folder.resolve(torrent.name());
    long present = 0;
    if (kept.isPresent()) {
      present = (long) kept.get().get_have_pieces().count() * torrent.pieceLength();
    } else if (Files.exists(file)) {
      present = Files.size(file);
    }
    requireFree(folder, Math.max(0, torrent.size() - present));
  }

  /** The engine does not look before it writes. */
  static void requireFree(Path folder, long bytes) throws IOException {
    var free = Files.getFileStore(folder).getUsableSpace();
    if (free - SPARE < bytes) {
      throw new IOException("disk full: %d bytes free, %d needed".formatted(free, bytes + SPARE));
    }
  }
}
