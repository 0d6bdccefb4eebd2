package dev.slipway.common.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NullMarked
class PatchTest {
  private static final int BLOCK = 4096;
  @TempDir Path folder;

  private static byte[] bytes(int size, long seed) {
    var bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  /** Fills what can be filled, fetches the rest; returns how much that was. */
  private long make(byte[] old, byte[] wanted) throws Exception {
    var made = folder.resolve("made");
    Files.deleteIfExists(made);
    return make(file("old", old), made, wanted);
  }

  private static long make(Path old, Path made, byte[] wanted) throws Exception {
    try (var patch = new Patch(made, BlockSignaturesTest.of(wanted))) {
      var filled = patch.fill(old);
      assertThat(filled).isLessThanOrEqualTo(patch.bytesHere());
      var lacking = patch.lacking();
      assertThat(Ranges.bytes(lacking)).isEqualTo(wanted.length - patch.bytesHere());
      for (var span : lacking) {
        patch.take(span, of(wanted, span));
      }
      assertThat(patch.isWhole()).isTrue();
      assertThat(patch.lacking()).isEmpty();
      assertThat(made).hasBinaryContent(wanted);
      return Ranges.bytes(lacking);
    }
  }

  private static InputStream of(byte[] bytes, Span span) {
    return new ByteArrayInputStream(bytes, (int) span.from(), (int) span.length());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void whatever_was_edited_the_file_becomes_the_new_one_and_little_more_than_the_edits_moves(
      long seed) throws Exception {
    var random = new Random(seed);
    var old = bytes(1_000_000 + random.nextInt(1_500_000), seed);
    var edits = 1 + random.nextInt(12);
    var fresh = 0;
    var wanted = old;
    for (var i = 0; i < edits; i++) {
      var at = random.nextInt(wanted.length);
      var length = random.nextInt(Math.min(20_000, wanted.length - at) + 1);
      wanted =
          switch (random.nextInt(4)) {
            case 0 -> {
              fresh += length;
              yield splice(wanted, at, 0, bytes(length, seed + i));
            }
            case 1 -> splice(wanted, at, length, new byte[0]);
            case 2 -> {
              fresh += length;
              yield splice(wanted, at, length, bytes(length, seed + i));
            }
            default -> {
              var part = Arrays.copyOfRange(wanted, at, at + length);
              var without = splice(wanted, at, length, new byte[0]);
              yield splice(without, random.nextInt(without.length), 0, part);
            }
          };
    }
    // an edit spoils the blocks that its edges are in: a move has four, of which two are one place
    assertThat(make(old, wanted)).isLessThanOrEqualTo(fresh + (edits * 4L + 1) * BLOCK);
  }

  private static byte[] splice(byte[] bytes, int at, int removed, byte[] added) {
    var out = new ByteArrayOutputStream();
    out.write(bytes, 0, at);
    out.writeBytes(added);
    out.write(bytes, at + removed, bytes.length - at - removed);
    return out.toByteArray();
  }

  @Test
  void what_has_not_changed_moves_nothing() throws Exception {
    var artifact = bytes(1_500_001, 1);
    assertThat(make(artifact, artifact)).isZero();
  }

  @Test
  void what_is_all_new_moves_whole() throws Exception {
    assertThat(make(bytes(1_500_000, 1), bytes(1_500_001, 2))).isEqualTo(1_500_001);
  }

  @Test
  void an_old_file_with_little_in_it_is_left_before_its_end() throws Exception {
    var wanted = bytes(1_000_000, 1);
    var old = bytes(45_000_000, 2);
    System.arraycopy(wanted, 0, old, 30_000_000, wanted.length);
    assertThat(make(old, wanted)).isLessThan(BLOCK);
    System.arraycopy(old, 0, old, 30_000_000, wanted.length);
    System.arraycopy(wanted, 0, old, 40_000_000, wanted.length);
    assertThat(make(old, wanted)).isEqualTo(wanted.length);
  }

  @Test
  void an_old_file_may_be_empty_or_shorter_than_a_block() throws Exception {
    assertThat(make(new byte[0], bytes(10_000, 1))).isEqualTo(10_000);
    assertThat(make(new byte[100], bytes(10_000, 1))).isEqualTo(10_000);
    assertThat(make(bytes(10_000, 1), bytes(100, 1))).isZero();
  }

  @Test
  void blocks_that_are_equal_are_all_filled_from_one() throws Exception {
    var old = splice(bytes(50_000, 1), 20_000, 0, new byte[2 * BLOCK]);
    var wanted = splice(bytes(50_000, 1), 20_000, 0, new byte[400 * BLOCK]);
    assertThat(make(old, wanted)).isLessThan(3 * BLOCK);
  }

  @Test
  void repeated_patterns_that_match_everywhere_end_in_time() throws Exception {
    var old = new byte[3 << 20];
    var wanted = new byte[4 << 20];
    for (var i = 0; i < wanted.length; i++) {
      wanted[i] = (byte) (i % 7);
    }
    System.arraycopy(wanted, 1, old, 0, old.length);
    assertThat(make(old, wanted)).isLessThanOrEqualTo(BLOCK);
  }

  @Test
  void a_file_that_was_left_half_made_is_gone_on_with() throws Exception {
    var old = file("old", bytes(1_000_000, 1));
    var wanted = splice(bytes(1_000_000, 1), 300_000, 0, bytes(400_000, 2));
    var made = folder.resolve("made");
    try (var patch = new Patch(made, BlockSignaturesTest.of(wanted))) {
      patch.fill(old);
      var lacking = patch.lacking().getFirst();
      var cut = new Span(lacking.from(), 40 * BLOCK);
      patch.take(cut, of(wanted, cut));
    }
    // what is here is known by its hash: neither a list of it nor the old file is needed
    try (var file = new RandomAccessFile(made.toFile(), "rw")) {
      file.seek(10);
      file.write(1);
    }
    try (var patch = new Patch(made, BlockSignaturesTest.of(wanted))) {
      assertThat(patch.fill(file("nothing", new byte[0]))).isZero();
      assertThat(Ranges.bytes(patch.lacking())).isLessThan(400_000 - 40 * BLOCK + 3 * BLOCK);
      assertThat(patch.lacking().getFirst()).isEqualTo(new Span(0, BLOCK));
    }
    assertThat(make(old, made, wanted)).isLessThan(400_000 - 40 * BLOCK + 3 * BLOCK);
  }

  @Test
  void a_file_that_is_too_long_is_cut() throws Exception {
    var wanted = bytes(100_000, 1);
    var made = file("made", bytes(200_000, 1));
    assertThat(make(file("old", new byte[0]), made, wanted)).isLessThan(BLOCK);
  }

  @Test
  void an_old_file_that_changes_while_it_is_read_spoils_nothing() throws Exception {
    var artifact = bytes(4_000_000, 1);
    var old = file("old", artifact);
    var done = new AtomicBoolean();
    var writer =
        Thread.ofPlatform()
            .start(() -> {
              var random = new Random(2);
              try (var file = new RandomAccessFile(old.toFile(), "rw")) {
                while (!done.get()) {
                  file.seek(random.nextInt(artifact.length));
                  file.write(random.nextInt());
                }
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    try {
      for (var i = 0; i < 5; i++) {
        Files.deleteIfExists(folder.resolve("made"));
        make(old, folder.resolve("made"), artifact);
      }
    } finally {
      done.set(true);
      writer.join();
    }
  }

  @Test
  void what_comes_is_kept_up_to_the_first_wrong_block() throws Exception {
    var wanted = bytes(100_000, 1);
    var lies = wanted.clone();
    lies[60_000] ^= 1;
    try (var patch = new Patch(folder.resolve("made"), BlockSignaturesTest.of(wanted))) {
      var all = new Span(0, wanted.length);
      assertThatThrownBy(() -> patch.take(all, of(lies, all)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("something else");
      assertThatThrownBy(() -> patch.take(all, of(wanted, new Span(0, 99_999))))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("ended early");
      assertThat(patch.isWhole()).isFalse();
      patch.take(all, of(wanted, all));
      assertThat(patch.isWhole()).isTrue();
    }
  }
}
