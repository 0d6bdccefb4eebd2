package dev.slipway.machine.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.common.swarm.Artifacts;
import dev.slipway.common.swarm.LibtorrentSwarm;
import dev.slipway.common.swarm.Swarm.Membership;
import dev.slipway.common.swarm.SwarmServer;
import dev.slipway.common.swarm.Torrent;
import dev.slipway.machine.region.RegionHttp;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real engines, on loopback, to whom one source deals. */
@NullMarked
@Timeout(90)
class DealtPiecesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final int PIECE = 16 << 10;

  @TempDir Path folder;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<Machine> machines = new ArrayList<>();
  private final byte[] bytes = Artifacts.bytes(200 * PIECE + 123, 7);
  private final Torrent torrent = Artifacts.torrent(bytes);
  private SwarmServer source;

  private record Machine(
      Path folder, LibtorrentSwarm swarm, RegionHttp http, Membership member, DealtPieces pieces) {
    void close() {
      pieces.close();
      swarm.close();
      http.close();
    }
  }

  @BeforeEach
  void open() throws IOException {
    assumeTrue(LibtorrentSwarm.isAvailable(), "libtorrent runs on Linux x86_64 with glibc only");
    source = new SwarmServer(folder.resolve("source"));
    Artifacts.write(folder.resolve("source"), bytes);
  }

  @AfterEach
  void close() {
    machines.forEach(Machine::close);
    source.close();
  }

  private Machine machine(String name) throws IOException {
    var swarm = LibtorrentSwarm.start("127.0.0.1", 0);
    var own = Files.createDirectories(folder.resolve(name));
    var member = swarm.join(torrent, own, source.tracker(torrent, name));
    var http = new RegionHttp(source.token(), meters);
    var pieces = new DealtPieces(torrent, member, http, source.dealer(torrent), n -> {}, meters);
    var machine = new Machine(own, swarm, http, member, pieces);
    machines.add(machine);
    return machine;
  }

  private void awaitComplete(Machine machine) throws Exception {
    machine.member.await(PATIENCE);
    assertThat(machine.folder.resolve(torrent.name())).hasBinaryContent(bytes);
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    var end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(end);
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  @Test
  void a_machine_alone_gets_each_piece_about_once() throws Exception {
    var machine = machine("m0");
    machine.pieces.start();
    awaitComplete(machine);
    // on a busy host two lines may ask for the last ones
    assertThat(source.dealt().size()).isBetween(torrent.pieces(), torrent.pieces() + 5);
  }

  @Test
  void of_four_machines_each_gets_what_was_dealt_to_the_others_from_them() throws Exception {
    for (var i = 0; i < 4; i++) {
      machine("m" + i);
    }
    await(() -> machines.stream().allMatch(machine -> machine.member.look().peers() == 3));
    machines.forEach(machine -> machine.pieces.start());
    for (var machine : machines) {
      awaitComplete(machine);
    }
    // a busy machine may lose its patience now and then
    assertThat(source.dealt()).hasSizeLessThan(torrent.pieces() * 3 / 2);
    assertThat(new HashSet<>(source.dealt())).hasSize(torrent.pieces());
  }

  @Test
  void pieces_that_were_lost_with_a_machine_are_dealt_again() throws Exception {
    var lost = machine("lost");
    lost.pieces.start();
    await(() -> source.dealt().size() >= 50);
    lost.close();
    var before = source.dealt().size();
    var survivor = machine("survivor");
    survivor.pieces.start();
    awaitComplete(survivor);
    // two lines may ask for the last piece
    assertThat(source.dealt().size() - before).isBetween(torrent.pieces(), torrent.pieces() + 5);
  }

  @Test
  void a_source_that_sends_other_bytes_is_given_up() throws Exception {
    Artifacts.write(folder.resolve("source"), bytes);
    Files.write(folder.resolve("source").resolve(torrent.name()), new byte[bytes.length]);
    var machine = machine("m0");
    machine.pieces.start();
    assertThatThrownBy(() -> machine.member.await(Duration.ofSeconds(3)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("pieces were refused");
    assertThat(machine.member.bytesDone()).isZero();
  }
}
