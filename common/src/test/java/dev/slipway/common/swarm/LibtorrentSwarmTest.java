package dev.slipway.common.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NullMarked
@Timeout(60)
class LibtorrentSwarmTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofSeconds(2);
  private static final int PIECE = 16 << 10;

  @TempDir private Path folder;
  private final List<LibtorrentSwarm> swarms = new ArrayList<>();
  private SwarmServer server;

  private final byte[] bytes = Artifacts.bytes(40 * PIECE + 123, 7);
  private final Torrent torrent = Artifacts.torrent(bytes);

  @BeforeEach
  void open() throws IOException {
    assumeTrue(LibtorrentSwarm.isAvailable(), "libtorrent runs on Linux x86_64 with glibc only");
    server = new SwarmServer(folder.resolve("seed"));
  }

  @AfterEach
  void close() {
    swarms.forEach(LibtorrentSwarm::close);
    server.close();
  }

  @Test
  void leechers_get_the_artifact_from_a_seed_and_from_each_other() throws Exception {
    var file = Artifacts.write(folder.resolve("seed"), bytes);
    var leechers = new ArrayList<Future<Path>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = 0; i < 4; i++) {
        var name = "m" + i;
        leechers.add(threads.submit(() -> fetch(name, server.tracker(torrent, name))));
      }
      // they may well be there before the seed
      var seed = swarm().share(torrent, folder.resolve("seed"), server.tracker(torrent, "seed"));
      for (var leecher : leechers) {
        assertThat(leecher.get()).hasSameBinaryContentAs(file);
      }
      assertThat(seed.isComplete()).isTrue();
      assertThat(seed.bytesDone()).isEqualTo(bytes.length);
    }
  }

  @Test
  void a_web_seed_alone_is_enough_with_its_token() throws Exception {
    var file = Artifacts.write(folder.resolve("seed"), bytes);
    assertThat(fetch("m", server.webSeed(torrent, server.token()))).hasSameBinaryContentAs(file);
    assertThat(server.served()).isGreaterThanOrEqualTo(bytes.length);
  }

  @Test
  void a_web_seed_that_refuses_ends_in_a_stall() throws Exception {
    Artifacts.write(folder.resolve("seed"), bytes);
    var member = swarm().join(torrent, folder.resolve("m"), server.webSeed(torrent, "wrong"));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> member.await(SHORT))
        .withMessageContaining("no good byte");
    assertThat(server.refused()).isPositive();
    assertThat(member.isComplete()).isFalse();
  }

  @Test
  void nobody_there_ends_in_a_stall() throws Exception {
    var member = swarm().join(torrent, folder.resolve("m"), server.tracker(torrent, "m"));
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> member.await(SHORT));
  }

  @Test
  void who_lacks_something_calls_and_who_has_everything_does_not() throws Exception {
    Artifacts.write(folder.resolve("seed"), bytes);
    var lacked = Artifacts.torrent(Artifacts.bytes(PIECE, 8));
    try (var somebody = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      somebody.setSoTimeout((int) PATIENCE.toMillis());
      server.enter(torrent, "somebody", somebody.getLocalPort());
      server.enter(lacked, "somebody", somebody.getLocalPort());
      var swarm = swarm();
      swarm.share(torrent, folder.resolve("seed"), server.tracker(torrent, "m"));
      swarm.join(lacked, folder.resolve("m"), server.tracker(lacked, "m"));
      // who is hung up on calls again: by the second time the other would have called too
      for (var calls = 0; calls < 2; calls++) {
        try (var call = somebody.accept()) {
          var handshake = call.getInputStream().readNBytes(48);
          assertThat(HexFormat.of().formatHex(handshake, 28, 48)).isEqualTo(lacked.infoHash());
        }
      }
    }
  }

  @Test
  void an_interrupt_ends_the_wait_and_the_member_can_leave() throws Exception {
    var member = swarm().join(torrent, folder.resolve("m"), server.tracker(torrent, "m"));
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> member.await(PATIENCE));
    member.close();
    assertThat(member.isComplete()).isFalse();
  }

  @Test
  void a_file_that_was_corrupt_before_it_was_shared_is_never_sent_as_good() throws Exception {
    var file = Artifacts.write(folder.resolve("seed"), bytes);
    corrupt(file, 0, bytes.length);
    swarm().share(torrent, folder.resolve("seed"), server.tracker(torrent, "seed"));
    var member = swarm().join(torrent, folder.resolve("m"), server.tracker(torrent, "m"));
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> member.await(SHORT));
    assertThat(member.bytesDone()).isZero();
  }

  @Test
  void a_file_that_is_corrupted_while_it_is_shared_is_noticed_by_its_receivers() throws Exception {
    var file = Artifacts.write(folder.resolve("seed"), bytes);
    swarm().share(torrent, folder.resolve("seed"), server.tracker(torrent, "seed"));
    // its pieces have been read and found good
    assertThat(fetch("first", server.tracker(torrent, "first"))).hasSameBinaryContentAs(file);
    swarms.getLast().close();
    corrupt(file, 5 * PIECE, 2 * PIECE);

    var meters = new SimpleMeterRegistry();
    var member =
        swarm().showingIn(meters).join(torrent, folder.resolve("m"), server.tracker(torrent, "m"));
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> member.await(SHORT));

    await(() -> meters.get("slipway.swarm.peers.banned").functionCounter().count() > 0);
    assertThat(meters.get("slipway.swarm.pieces.refused").functionCounter().count()).isPositive();
    assertThat(member.isComplete()).isFalse();
    assertThat(member.piecesRefused()).isPositive();
    assertThat(member.bytesDone()).isLessThan(bytes.length);
  }

  @Test
  void a_corrupted_seeder_does_not_keep_others_from_completing() throws Exception {
    var good = Artifacts.write(folder.resolve("good"), bytes);
    corrupt(Artifacts.write(folder.resolve("bad"), bytes), 0, bytes.length);
    swarm().share(torrent, folder.resolve("bad"), server.tracker(torrent, "bad"));
    swarm().share(torrent, folder.resolve("good"), server.tracker(torrent, "good"));
    assertThat(fetch("m", server.tracker(torrent, "m"))).hasSameBinaryContentAs(good);
  }

  @Test
  void it_goes_on_where_it_stopped() throws Exception {
    // the last pieces cannot be had at first
    var file = Artifacts.write(folder.resolve("seed"), bytes);
    corrupt(file, 30 * PIECE, bytes.length - 30 * PIECE);
    var first = swarm().join(torrent, folder.resolve("m"), server.webSeed(torrent, server.token()));
    await(() -> first.piecesRefused() > 0);
    var had = first.bytesDone();
    assertThat(had).isPositive();
    first.close();
    swarms.getLast().close();
    var resume = folder.resolve("m").resolve(torrent.name() + ".resume");
    assertThat(resume).exists();

    Files.write(file, bytes);
    var again = swarm().join(torrent, folder.resolve("m"), server.webSeed(torrent, server.token()));
    again.await(PATIENCE);

    assertThat(folder.resolve("m").resolve(torrent.name())).hasSameBinaryContentAs(file);
    assertThat(again.bytesReceived()).isLessThanOrEqualTo(bytes.length - had + PIECE);
    await(() -> !Files.exists(resume));
  }

  @Test
  void without_a_resume_file_what_is_there_is_checked() throws Exception {
    var partly = bytes.clone();
    Arrays.fill(partly, 10 * PIECE, 12 * PIECE, (byte) 0);
    Files.createDirectories(folder.resolve("m"));
    Files.write(folder.resolve("m").resolve(torrent.name()), partly);
    var file = Artifacts.write(folder.resolve("seed"), bytes);

    var member =
        swarm().join(torrent, folder.resolve("m"), server.webSeed(torrent, server.token()));
    member.await(PATIENCE);

    assertThat(folder.resolve("m").resolve(torrent.name())).hasSameBinaryContentAs(file);
    assertThat(member.bytesReceived()).isBetween(2L * PIECE, 4L * PIECE);
  }

  @Test
  void a_resume_file_that_is_broken_does_no_harm() throws Exception {
    var file = Artifacts.write(folder.resolve("seed"), bytes);
    Files.createDirectories(folder.resolve("m"));
    Files.write(folder.resolve("m").resolve(torrent.name() + ".resume"), Artifacts.bytes(1000, 9));
    assertThat(fetch("m", server.both(torrent, "m"))).hasSameBinaryContentAs(file);
  }

  @Test
  void a_resume_file_whose_file_is_gone_does_no_harm() throws Exception {
    var file = Artifacts.write(folder.resolve("seed"), bytes);
    corrupt(file, 30 * PIECE, bytes.length - 30 * PIECE);
    var first = swarm().join(torrent, folder.resolve("m"), server.webSeed(torrent, server.token()));
    await(() -> first.piecesRefused() > 0);
    first.close();
    Files.write(file, bytes);
    assertThat(folder.resolve("m").resolve(torrent.name() + ".resume")).exists();
    Files.delete(folder.resolve("m").resolve(torrent.name()));
    assertThat(fetch("m", server.both(torrent, "m"))).hasSameBinaryContentAs(file);
  }

  @Test
  void too_little_room_on_the_disk_is_an_error() throws Exception {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> Entry.requireFree(folder, Long.MAX_VALUE >> 1))
        .withMessageContaining("disk full");
  }

  /** With memory-mapped files the engine takes SIGSEGV from the JVM, which dies of this test. */
  @Test
  void the_jvm_still_has_its_signals_after_a_transfer() throws Exception {
    var file = Artifacts.write(folder.resolve("seed"), bytes);
    swarm().share(torrent, folder.resolve("seed"), server.tracker(torrent, "seed"));
    assertThat(fetch("m", server.tracker(torrent, "m"))).hasSameBinaryContentAs(file);
    var texts = new @Nullable String[10_000];
    Arrays.fill(texts, "text");
    // compiled code does not look for null while it has not met one: it lets the access fail
    for (var i = 0; i < 2_000; i++) {
      assertThat(lengths(texts)).isEqualTo(40_000);
    }
    Arrays.fill(texts, null);
    assertThat(lengths(texts)).isEqualTo(-10_000);
  }

  @SuppressWarnings("NullAway")
  private static int lengths(@Nullable String[] texts) {
    var sum = 0;
    for (var text : texts) {
      try {
        sum += text.length();
      } catch (NullPointerException e) {
        sum--;
      }
    }
    return sum;
  }

  @Test
  void a_member_keeps_its_file_and_its_figures_when_it_leaves_and_may_come_back() throws Exception {
    Artifacts.write(folder.resolve("seed"), bytes);
    var swarm = swarm();
    var meeting = server.both(torrent, "m");
    var member = swarm.join(torrent, folder.resolve("m"), meeting);
    member.await(PATIENCE);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> swarm.join(torrent, folder.resolve("m"), meeting))
        .withMessageContaining("already");
    member.close();
    member.close();
    assertThat(member.isComplete()).isTrue();
    assertThat(member.bytesReceived()).isGreaterThanOrEqualTo(bytes.length);

    var again = swarm.share(torrent, folder.resolve("m"), meeting);
    await(again::isComplete);
    again.close();
    try (var files = Files.list(folder.resolve("m"))) {
      assertThat(files).containsExactly(folder.resolve("m").resolve(torrent.name()));
    }
  }

  @Test
  void a_file_that_is_not_there_or_not_whole_is_not_shared() throws Exception {
    var swarm = swarm();
    var meeting = server.tracker(torrent, "m");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> swarm.share(torrent, folder.resolve("seed"), meeting));
    Files.write(Artifacts.write(folder.resolve("seed"), bytes), new byte[10]);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> swarm.share(torrent, folder.resolve("seed"), meeting))
        .withMessageContaining("10 bytes");
  }

  @Test
  void pieces_from_elsewhere_are_kept_and_shared_like_others() throws Exception {
    var taker = swarm().join(torrent, folder.resolve("m"), server.tracker(torrent, "m"));
    await(() -> taker.look().missing().cardinality() == torrent.pieces());
    for (var piece = 0; piece < torrent.pieces(); piece++) {
      taker.take(piece, piece(piece));
    }
    taker.await(PATIENCE);
    assertThat(folder.resolve("m").resolve(torrent.name())).hasBinaryContent(bytes);
    assertThat(taker.bytesReceived()).isEqualTo(bytes.length);
    assertThat(fetch("other", server.tracker(torrent, "other"))).hasBinaryContent(bytes);
    assertThat(taker.look().missing().isEmpty()).isTrue();
  }

  @Test
  void a_piece_from_elsewhere_that_is_wrong_or_short_is_not_kept() throws Exception {
    var taker = swarm().join(torrent, folder.resolve("m"), server.tracker(torrent, "m"));
    await(() -> taker.look().missing().cardinality() == torrent.pieces());
    assertThat(taker.look().unheld().cardinality()).isEqualTo(torrent.pieces());
    taker.take(3, piece(4));
    await(() -> taker.piecesRefused() == 1);
    assertThatExceptionOfType(EOFException.class)
        .isThrownBy(() -> taker.take(5, new ByteArrayInputStream(new byte[PIECE - 1])));
    assertThat(taker.look().missing().cardinality()).isEqualTo(torrent.pieces());
    taker.take(3, piece(3));
    await(() -> !taker.look().missing().get(3));
  }

  private InputStream piece(int piece) {
    return new ByteArrayInputStream(bytes, piece * PIECE, torrent.lengthOf(piece));
  }

  @Test
  void a_taken_port_is_an_error() {
    var taken = swarm().port();
    assertThat(taken).isPositive();
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> LibtorrentSwarm.start("127.0.0.1", taken))
        .withMessageContaining(String.valueOf(taken));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_limit_holds_between_neighbours_too(boolean sender) throws Exception {
    Artifacts.write(folder.resolve("seed"), bytes);
    var seed = swarm();
    var leecher = swarm();
    seed.share(torrent, folder.resolve("seed"), server.tracker(torrent, "seed"));
    var limit = 5 * PIECE;
    if (sender) {
      seed.limit(0, limit);
    } else {
      leecher.limit(limit, 0);
    }
    var begun = System.nanoTime();
    leecher.join(torrent, folder.resolve("m"), server.tracker(torrent, "m")).await(PATIENCE);
    // eight seconds' worth; the engine lets what was not used for three seconds pass at once
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(4));
  }

  @Test
  void a_limit_is_shown_and_can_be_lifted() {
    var meters = new SimpleMeterRegistry();
    var swarm = swarm().showingIn(meters);
    var down = meters.get("slipway.swarm.limit").tag("direction", "download").gauge();
    var up = meters.get("slipway.swarm.limit").tag("direction", "upload").gauge();
    swarm.limit(70_000, 1L << 40);
    assertThat(down.value()).isEqualTo(70_000);
    assertThat(up.value()).isEqualTo(Integer.MAX_VALUE);
    swarm.limit(0, 0);
    assertThat(down.value() + up.value()).isZero();
    swarm.close();
    assertThat(down.value()).isNaN();
  }

  @Test
  void closing_the_peer_ends_its_members() throws Exception {
    var swarm = swarm();
    var member = swarm.join(torrent, folder.resolve("m"), server.tracker(torrent, "m"));
    swarm.close();
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> member.await(PATIENCE));
    assertThat(member.bytesDone()).isZero();
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> swarm.join(torrent, folder.resolve("m"), server.tracker(torrent, "m")));
  }

  private LibtorrentSwarm swarm() {
    var swarm = LibtorrentSwarm.start("127.0.0.1", 0);
    synchronized (swarms) {
      swarms.add(swarm);
    }
    return swarm;
  }

  private Path fetch(String member, Swarm.Meeting meeting) throws Exception {
    var membership = swarm().join(torrent, folder.resolve(member), meeting);
    membership.await(PATIENCE);
    return folder.resolve(member).resolve(torrent.name());
  }

  private static void corrupt(Path file, int from, int length) throws IOException {
    var changed = Files.readAllBytes(file);
    for (var i = from; i < from + length; i++) {
      changed[i] ^= 1;
    }
    Files.write(file, changed);
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    var end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(end);
      Thread.sleep(20);
    }
  }
}
