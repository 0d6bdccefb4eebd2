package dev.slipway.common.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.common.artifact.Manifest;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.problem.InvalidInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.libtorrent4j.TorrentInfo;

@NullMarked
class TorrentTest {
  private static final int PIECE = 16 << 10;

  @ParameterizedTest
  @ValueSource(ints = {1, PIECE, PIECE + 1, 100_000})
  void one_pass_makes_what_libtorrent_makes(int size, @TempDir Path folder) throws IOException {
    assumeTrue(LibtorrentSwarm.isAvailable(), "libtorrent runs on Linux x86_64 with glibc only");
    var bytes = Artifacts.bytes(size, 1);
    var file = Artifacts.write(folder, bytes);

    assertThat(Artifacts.torrent(bytes).infoHash()).isEqualTo(infoHashByLibtorrent(file));
    assertThat(new TorrentInfo(Artifacts.torrent(bytes).metainfo()).isPrivate()).isTrue();
  }

  /** In a process of its own, see {@link LibtorrentHash}. */
  private static String infoHashByLibtorrent(Path file) throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var process =
        new ProcessBuilder(
                java,
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                LibtorrentHash.class.getName(),
                file.toString(),
                String.valueOf(PIECE))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    var lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return lines.lines().reduce((first, last) -> last).orElseThrow();
  }

  @Test
  void bytes_may_come_in_any_portions() {
    var bytes = Artifacts.bytes(200_000, 2);
    var hasher = new PieceHasher(bytes.length);
    for (var at = 0; at < bytes.length; at += 777) {
      hasher.update(bytes, at, Math.min(777, bytes.length - at));
    }
    assertThat(hasher.finish(new Sha256(Artifacts.sha256(bytes))))
        .isEqualTo(Artifacts.torrent(bytes));
  }

  @Test
  void an_artifact_that_changes_while_it_is_read_is_refused() {
    var name = new Sha256("a".repeat(64));
    var hasher = new PieceHasher(10);
    hasher.update(new byte[9], 0, 9);
    assertThatExceptionOfType(InvalidInput.class).isThrownBy(() -> hasher.finish(name));
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> hasher.update(new byte[2], 0, 2));
  }

  @Test
  void an_empty_artifact_and_one_that_is_too_large_are_refused() {
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> new PieceHasher(0))
        .withMessageContaining("empty");
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> new PieceHasher(Manifest.MAX_SIZE + 1));
  }

  @Test
  void pieces_are_about_a_thousand() {
    assertThat(PieceHasher.pieceLength(1)).isEqualTo(PIECE);
    assertThat(PieceHasher.pieceLength(100_000_000)).isEqualTo(64 << 10);
    assertThat(PieceHasher.pieceLength(Manifest.MAX_SIZE)).isEqualTo(8 << 20);
  }

  @Test
  void what_is_written_is_read() {
    var torrent = Artifacts.torrent(Artifacts.bytes(50_000, 3));
    var read = Torrent.parse(torrent.info());
    assertThat(read).isEqualTo(torrent);
    assertThat(read.name()).isEqualTo(torrent.name());
    assertThat(read.size()).isEqualTo(50_000);
    assertThat(read.pieceLength()).isEqualTo(PIECE);
  }

  @ParameterizedTest
  @MethodSource("broken")
  void anything_else_is_refused(String info) {
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> Torrent.parse(info.getBytes(StandardCharsets.ISO_8859_1)));
  }

  static Stream<String> broken() {
    var name = "64:" + "a".repeat(64);
    var hash = "20:" + "h".repeat(20);
    var good =
        "d6:lengthi5e4:name" + name + "12:piece lengthi16384e6:pieces" + hash + "7:privatei1ee";
    assertThat(Torrent.parse(good.getBytes(StandardCharsets.ISO_8859_1)).size()).isEqualTo(5);
    return Stream.of(
        "",
        "d",
        "de",
        good + "x",
        good.substring(0, good.length() - 1),
        good.replace("i1ee", "i0ee"),
        good.replace("7:privatei1e", ""),
        good.replace("7:private", "6:source1:x7:private"),
        good.replace("7:privatei1ee", "7:privatei1e8:ssl-cert1:xe"),
        good.replace("i5e", "l".repeat(100_000) + "i5e"),
        "d".repeat(Torrent.MAX_INFO_BYTES),
        "x".repeat(Torrent.MAX_INFO_BYTES + 1),
        good.replace(hash, "40:" + "h".repeat(40)),
        good.replace(hash, "0:"),
        good.replace("i5e", "i0e"),
        good.replace("i5e", "i-5e"),
        good.replace("i5e", "i05e"),
        good.replace("i5e", "i99999999999999999999e"),
        good.replace("i5e", "i10737418241e"),
        good.replace("i5e", "i16385e"),
        good.replace("16384", "16385"),
        good.replace("16384", "8192"),
        good.replace("16384", "33554432"),
        good.replace("16384", "4294983680"),
        good.replace("a".repeat(64), "A".repeat(64)),
        good.replace("a".repeat(64), "../" + "a".repeat(61)),
        good.replace("64:" + "a".repeat(64), "63:" + "a".repeat(63)),
        good.replace("20:", "999999999:"),
        good.replace(hash, "19:" + "h".repeat(19)),
        good.replace(hash, "020:" + "h".repeat(20)));
  }
}
