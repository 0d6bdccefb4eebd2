package dev.slipway.common.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.common.artifact.Sha256;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real engines that speak TLS, the seed in a process of its own. Others than the admitted have it
 * in reach, and get nothing.
 */
@NullMarked
@Timeout(60)
class AdmittedSwarmTest {
  private static final String SECRET = "a secret of the swarm, which is long enough";
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofSeconds(3);

  @TempDir private Path folder;
  private final List<AutoCloseable> peers = new ArrayList<>();
  private final byte[] bytes = Artifacts.bytes(40 * (16 << 10) + 123, 7);
  private final Torrent torrent = Artifacts.torrent(bytes);
  private final SettableClock clock = new SettableClock(Instant.now());
  private final CircleAuthority authority = new CircleAuthority(SECRET, clock);
  private SwarmServer server;

  @BeforeEach
  void open() throws IOException {
    assumeTrue(LibtorrentSwarm.isAvailable(), "libtorrent runs on Linux x86_64 with glibc only");
    server = new SwarmServer(folder.resolve("seed"));
  }

  @AfterEach
  void close() throws Exception {
    for (var peer : peers) {
      peer.close();
    }
    server.close();
  }

  @Test
  void peers_that_are_admitted_by_the_same_authority_share() throws Exception {
    seed(Duration.ZERO);
    assertThat(fetch("m", new AdmittedSwarm(engine(true), authority))).hasBinaryContent(bytes);
  }

  @Test
  void a_peer_without_tls_gets_nothing() throws Exception {
    seed(Duration.ZERO);
    getsNothing("m", engine(false), server.tracker(torrent, "m"));
  }

  @Test
  void a_peer_that_trusts_the_root_but_shows_a_foreign_certificate_gets_nothing() throws Exception {
    var seed = seed(Duration.ZERO);
    var foreign = new CircleAuthority("another secret, of about the same length", clock);
    getsNothing("m", engine(true), showing(credential(foreign, torrent.name())));
    assertThat(seed.refused()).isPositive();
  }

  @Test
  void a_certificate_for_another_artifact_opens_nothing() throws Exception {
    seed(Duration.ZERO);
    getsNothing("m", engine(true), showing(credential(authority, "cd".repeat(32))));
  }

  @Test
  void a_certificate_that_has_ended_opens_nothing_until_it_is_renewed() throws Exception {
    seed(Duration.ZERO);
    clock.advance(CircleAuthority.VALID.plusMinutes(1).negated());
    var old = credential(authority, torrent.name());
    clock.advance(CircleAuthority.VALID.plusMinutes(1));
    var member = engine(true).join(torrent, folder.resolve("m"), showing(old));
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> member.await(SHORT));
    assertThat(member.bytesDone()).isZero();

    assertThat(member.show(credential(authority, torrent.name()))).isTrue();
    member.await(PATIENCE);
    member.close();
    assertThat(member.show(old)).as("after it left").isFalse();
  }

  @Test
  void a_peer_renews_its_own_certificates_while_it_shares() throws Exception {
    var seed = seed(CircleAuthority.VALID.plusMinutes(1));
    var late = new AdmittedSwarm(engine(true), authority);
    var member = late.join(torrent, folder.resolve("m"), server.tracker(torrent, "m"));
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> member.await(SHORT));

    seed.renew();
    member.await(PATIENCE);
  }

  @Test
  void a_peer_that_speaks_tls_takes_part_in_nothing_without_a_credential() throws Exception {
    Artifacts.write(folder.resolve("seed"), bytes);
    var meeting = server.tracker(torrent, "seed");
    try (var speaksTls = LibtorrentSwarm.start("127.0.0.1", 0, true)) {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> speaksTls.share(torrent, folder.resolve("seed"), meeting))
          .withMessageContaining("credential");
    }
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() ->
            engine(false)
                .share(
                    torrent,
                    folder.resolve("seed"),
                    showing(credential(authority, torrent.name()))))
        .withMessageContaining("TLS");
  }

  @Test
  void a_peer_that_speaks_tls_stays_the_only_one_of_its_process() {
    try (var speaksTls = LibtorrentSwarm.start("127.0.0.1", 0, true)) {
      assertThat(speaksTls.port()).isPositive();
      for (var tls : List.of(true, false)) {
        assertThatIllegalStateException()
            .isThrownBy(() -> LibtorrentSwarm.start("127.0.0.1", 0, tls))
            .withMessageContaining("only one of its process");
      }
    }
    engine(false);
    engine(false);
    assertThatIllegalStateException().isThrownBy(() -> LibtorrentSwarm.start("127.0.0.1", 0, true));
  }

  @Test
  void a_peer_is_found_where_it_announces_itself_next() throws Exception {
    var file = Artifacts.write(folder.resolve("seed"), bytes);
    var seed =
        engine(false)
            .share(torrent, folder.resolve("seed"), new Swarm.Meeting(List.of(), List.of()));
    assertThat(seed.announceAt(server.tracker(torrent, "seed").trackers())).isTrue();
    assertThat(fetch("m", engine(false))).hasSameBinaryContentAs(file);
    seed.close();
    assertThat(seed.announceAt(List.of())).isFalse();
  }

  private static Credential credential(CircleAuthority issuer, String artifact) {
    var key = PeerKey.generate();
    return key.with(
        new CircleAuthority(SECRET, Clock.systemUTC()).root(),
        issuer.admit(new Sha256(artifact), key.publicKey()));
  }

  private Swarm.Meeting showing(Credential credential) {
    return server.tracker(torrent, "m").showing(credential);
  }

  /** What the others are to share with: an authority of the same secret, elsewhere. */
  private PeerProcess seed(Duration late) throws IOException {
    Artifacts.write(folder.resolve("seed"), bytes);
    var meeting = server.tracker(torrent, "seed");
    var seed = PeerProcess.sharing(torrent, folder.resolve("seed"), meeting, SECRET, late);
    peers.add(seed);
    return seed;
  }

  private Path fetch(String member, Swarm swarm) throws Exception {
    swarm.join(torrent, folder.resolve(member), server.tracker(torrent, member)).await(PATIENCE);
    return folder.resolve(member).resolve(torrent.name());
  }

  private void getsNothing(String member, Swarm swarm, Swarm.Meeting meeting) throws IOException {
    var joined = swarm.join(torrent, folder.resolve(member), meeting);
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> joined.await(SHORT));
    assertThat(joined.bytesReceived()).isZero();
  }

  private LibtorrentSwarm engine(boolean tls) {
    var engine = LibtorrentSwarm.start("127.0.0.1", 0, tls);
    peers.add(engine);
    return engine;
  }
}
