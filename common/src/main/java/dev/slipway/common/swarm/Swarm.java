package dev.slipway.common.swarm;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A peer: takes part in the swarms of artifacts, in one circle or several. */
public interface Swarm extends AutoCloseable {
  /**
   * Fetches an artifact into {@code folder/torrent.name()}, going on from what is there, and shares
   * what it has, until closed. Each piece is checked before it is kept or shared; the caller still
   * checks the whole digest.
   */
  Membership join(Torrent torrent, Path folder, Meeting meeting) throws IOException;

  /**
   * Shares the complete file {@code folder/torrent.name()}, until closed. Each piece is checked
   * when first read.
   */
  Membership share(Torrent torrent, Path folder, Meeting meeting) throws IOException;

  /**
   * Bounds what passes over all swarms together, from now on.
   *
   * @param downloadBytesPerSecond from peers and web seeds; 0 for no bound
   * @param uploadBytesPerSecond to peers; 0 for no bound
   */
  void limit(long downloadBytesPerSecond, long uploadBytesPerSecond);

  /** Where this peer listens. */
  int port();

  /** Leaves all swarms and stops the engine. */
  @Override
  void close();

  /**
   * Where the members of a swarm find each other and what serves when they do not.
   *
   * @param trackers announce addresses, each a circle of its own
   * @param webSeeds read besides peers
   * @param credential what is shown to peers, who must show theirs; none where they do not speak
   *     TLS
   */
  record Meeting(List<URI> trackers, List<WebSeed> webSeeds, @Nullable Credential credential) {
    /** Without TLS. */
    public Meeting(List<URI> trackers, List<WebSeed> webSeeds) {
      this(trackers, webSeeds, null);
    }

    /** The same with TLS. */
    public Meeting showing(Credential shown) {
      return new Meeting(trackers, webSeeds, shown);
    }

    /** The swarm of a torrent whose peers may be met. */
    Torrent swarmOf(Torrent torrent) {
      return credential == null ? torrent : torrent.in(credential.root());
    }
  }

  /**
   * A server of the artifact's bytes with ranges.
   *
   * @param token sent as bearer token
   */
  record WebSeed(URI address, String token) {}

  /**
   * A swarm as one member sees it.
   *
   * @param missing pieces that are not here; none while what is here is still being checked
   * @param unheld pieces that no connected peer has
   * @param peers that are connected
   */
  record View(BitSet missing, BitSet unheld, int peers) {}

  /** Taking part in one swarm. */
  interface Membership extends AutoCloseable {
    /** Bytes of the artifact that are here and checked. */
    long bytesDone();

    /**
     * Bytes of the artifact received since it joined, from peers and web seeds, wasted ones
     * included.
     */
    long bytesReceived();

    /** Pieces that arrived and did not match their hash. */
    long piecesRefused();

    /** What is missing here and what peers have, as the engine sees it now. */
    View look();

    /**
     * Takes a piece that did not come from a peer. It is checked like any other before it is kept
     * or shared; one that is here already does nothing.
     *
     * @param bytes all of the piece; read to its end, not closed
     * @throws IOException when there are fewer
     */
    void take(int piece, InputStream bytes) throws IOException;

    /** Whether all of the artifact is here. */
    boolean isComplete();

    /**
     * Bounds what is received.
     *
     * @param bytesPerSecond from all peers and web seeds together; 0 for no bound
     */
    void limit(int bytesPerSecond);

    /**
     * Waits for all of the artifact.
     *
     * @throws IOException when the engine gives up (disk full, broken file) or when {@code stall}
     *     passed without a good byte; 5 s where pieces were refused
     */
    void await(Duration stall) throws IOException, InterruptedException;

    /**
     * Shows another certificate, of the same root, from now on; peers that it is connected to stay.
     *
     * @return false when it has left the swarm
     */
    boolean show(Credential credential);

    /**
     * Announces itself at other addresses from now on.
     *
     * @return false when it has left the swarm
     */
    boolean announceAt(List<URI> trackers);

    /** Leaves the swarm; the file stays as it is. */
    @Override
    void close();
  }
}
