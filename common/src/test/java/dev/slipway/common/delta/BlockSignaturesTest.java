package dev.slipway.common.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.artifact.Manifest;
import dev.slipway.common.problem.InvalidInput;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class BlockSignaturesTest {
  private static byte[] bytes(int size) {
    var bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  static BlockSignatures of(byte[] artifact) {
    var hasher = new BlockHasher(artifact.length);
    hasher.update(artifact, 0, artifact.length);
    return hasher.finish();
  }

  @Test
  void what_was_written_is_read_again() {
    var written = of(bytes(100_001));
    var read = BlockSignatures.parse(written.bytes().clone());
    assertThat(read.size()).isEqualTo(100_001);
    assertThat(read.blockLength()).isEqualTo(4096);
    assertThat(read.count()).isEqualTo(25);
    assertThat(read.length(24)).isEqualTo(100_001 - 24 * 4096);
    assertThat(read.sum(24)).isEqualTo(written.sum(24)).isNotZero();
    assertThat(read.crc(24)).isEqualTo(written.crc(24)).isNotZero();
  }

  @Test
  void it_does_not_matter_in_what_portions_the_bytes_pass_by() {
    var artifact = bytes(50_000);
    var random = new Random(1);
    var hasher = new BlockHasher(artifact.length);
    for (var at = 0; at < artifact.length; ) {
      var n = Math.min(artifact.length - at, random.nextInt(9_000));
      hasher.update(artifact, at, n);
      at += n;
    }
    assertThat(hasher.finish().bytes()).isEqualTo(of(artifact).bytes());
  }

  @Test
  void an_artifact_that_grows_or_shrinks_while_it_is_read_is_refused() {
    assertThatThrownBy(() -> new BlockHasher(10).update(new byte[11], 0, 11))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("must not grow");
    assertThatThrownBy(() -> new BlockHasher(10).finish())
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("must not shrink");
  }

  @Test
  void blocks_are_short_as_long_as_a_machine_can_remember_them_all() {
    assertThat(BlockSignatures.blockLength(1)).isEqualTo(4 << 10);
    assertThat(BlockSignatures.blockLength(1L << 30)).isEqualTo(4 << 10);
    assertThat(BlockSignatures.blockLength(Manifest.MAX_SIZE)).isEqualTo(16 << 10);
    assertThat(new BlockSignatures(Manifest.MAX_SIZE).bytes()).hasSize(BlockSignatures.MAX_BYTES);
    assertThat(BlockSignatures.MAX_BYTES).isLessThan(8_000_000);
  }

  @Test
  void a_sum_that_rolls_is_the_sum_of_the_window() {
    var bytes = bytes(5_000);
    var rolling = new RollingSum(1_003);
    var sum = RollingSum.of(bytes, 0, 1_003);
    for (var at = 0; at + 1_003 < bytes.length; at++) {
      sum = rolling.roll(sum, bytes[at], bytes[at + 1_003]);
      assertThat(sum).isEqualTo(RollingSum.of(bytes, at + 1, 1_003));
    }
  }

  @Test
  void anything_else_is_refused() {
    var good = of(bytes(20_000)).bytes();
    refused(new byte[0], "version 1");
    refused(Arrays.copyOf(good, 19), "version 1");
    refused(ByteBuffer.wrap(good.clone()).putInt(0, 1).array(), "version 1");
    refused(ByteBuffer.wrap(good.clone()).putInt(4, 2).array(), "version 1");
    refused(ByteBuffer.wrap(good.clone()).putLong(8, -1).array(), "size must be 1 to");
    refused(ByteBuffer.wrap(good.clone()).putLong(8, 0).array(), "size must be 1 to");
    refused(ByteBuffer.wrap(good.clone()).putLong(8, Long.MAX_VALUE).array(), "size must be 1 to");
    refused(ByteBuffer.wrap(good.clone()).putInt(16, 4097).array(), "power of two");
    refused(ByteBuffer.wrap(good.clone()).putInt(16, 1).array(), "power of two");
    refused(ByteBuffer.wrap(good.clone()).putInt(16, 1 << 30).array(), "power of two");
    // more blocks than bytes, and more than anyone may make
    refused(ByteBuffer.wrap(good.clone()).putLong(8, 30_000).array(), "one a block");
    refused(ByteBuffer.wrap(good.clone()).putLong(8, 10L << 30).array(), "at most 655360");
    refused(Arrays.copyOf(good, good.length - 1), "one a block");
    refused(Arrays.copyOf(good, good.length + 1), "one a block");
  }

  private static void refused(byte[] bytes, String why) {
    assertThatThrownBy(() -> BlockSignatures.parse(bytes))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining(why);
  }
}
