package dev.slipway.common.delta;

import dev.slipway.common.artifact.Manifest;
import dev.slipway.common.problem.InvalidInput;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * What tells an artifact's blocks from each other: of each, a sum of 64 bits that can be looked for
 * at any offset, and its CRC32C. By accident the two together take one block for another about once
 * in 2^43 scans of 10 GiB. Who makes such a block on purpose spoils one transfer: what is put
 * together counts only once the whole artifact's SHA-256 matches, so a hash that withstands an
 * enemy would be paid for twice, and a machine's agent, which runs without the optimising compiler,
 * computes SHA-256 eight times more slowly than these two.
 *
 * <p>As bytes: magic, version, size, block length, then 12 bytes a block, all big-endian. Kept as
 * these bytes, so that a machine has them once in its small heap.
 */
public final class BlockSignatures {
  /** Artifacts smaller than this are fetched whole. */
  public static final long WORTHWHILE = 1 << 20;

  static final int SHORTEST_BLOCK = 4 << 10;
  static final int LONGEST_BLOCK = 1 << 20;
  private static final int MOST_BLOCKS = (int) (Manifest.MAX_SIZE / (16 << 10));

  private static final String FIELD = "blocks";
  private static final int MAGIC = 0x534c5742;
  private static final int VERSION = 1;
  private static final int HEAD = 20;
  private static final int ENTRY = 12;

  /** The largest form: 7.9 MB. */
  public static final int MAX_BYTES = HEAD + MOST_BLOCKS * ENTRY;

  private final ByteBuffer bytes;
  private final long size;
  private final int blockLength;

  /** Of an artifact of {@code size} bytes, not filled in yet. */
  BlockSignatures(long size) {
    this.size = size;
    this.blockLength = blockLength(size);
    this.bytes = ByteBuffer.allocate(HEAD + count(size, blockLength) * ENTRY);
    bytes.putInt(0, MAGIC).putInt(4, VERSION).putLong(8, size).putInt(16, blockLength);
  }

  private BlockSignatures(ByteBuffer bytes) {
    InvalidInput.unless(
        bytes.limit() >= HEAD && bytes.getInt(0) == MAGIC && bytes.getInt(4) == VERSION,
        FIELD,
        "must be block signatures of version " + VERSION);
    this.bytes = bytes;
    this.size = bytes.getLong(8);
    this.blockLength = bytes.getInt(16);
    checkSize(size);
    InvalidInput.unless(
        blockLength >= SHORTEST_BLOCK
            && blockLength <= LONGEST_BLOCK
            && Integer.bitCount(blockLength) == 1,
        FIELD,
        "must be of blocks of a power of two of 4 KiB to 1 MiB");
    InvalidInput.unless(
        Math.ceilDiv(size, blockLength) <= MOST_BLOCKS, FIELD, "must be at most " + MOST_BLOCKS);
    InvalidInput.unless(
        bytes.limit() == HEAD + count(size, blockLength) * ENTRY, FIELD, "must be one a block");
  }

  static void checkSize(long size) {
    InvalidInput.unless(
        size >= 1 && size <= Manifest.MAX_SIZE, "size", "must be 1 to " + Manifest.MAX_SIZE);
  }

  /**
   * Reads what {@link #bytes()} wrote.
   *
   * @param bytes kept, not copied
   * @throws InvalidInput unless it is exactly that
   */
  public static BlockSignatures parse(byte[] bytes) {
    return new BlockSignatures(ByteBuffer.wrap(bytes));
  }

  /** Short blocks follow changes closely; their number is bounded by a machine's memory. */
  static int blockLength(long size) {
    var length = SHORTEST_BLOCK;
    while (Math.ceilDiv(size, length) > MOST_BLOCKS) {
      length *= 2;
    }
    return length;
  }

  private static int count(long size, int blockLength) {
    return Math.toIntExact(Math.ceilDiv(size, blockLength));
  }

  /** The form that is stored; not a copy. */
  public byte[] bytes() {
    return bytes.array();
  }

  /** Bytes of the artifact. */
  public long size() {
    return size;
  }

  /** Bytes of each block but the last. */
  public int blockLength() {
    return blockLength;
  }

  int count() {
    return count(size, blockLength);
  }

  long offset(int block) {
    return (long) block * blockLength;
  }

  int length(int block) {
    return (int) Math.min(blockLength, size - offset(block));
  }

  long sum(int block) {
    return bytes.getLong(HEAD + block * ENTRY);
  }

  int crc(int block) {
    return bytes.getInt(HEAD + block * ENTRY + Long.BYTES);
  }

  static int crcOf(byte[] bytes, int offset, int length) {
    var crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }

  /** Whether what is there is a block. */
  boolean fits(int block, byte[] there, int offset) {
    var length = length(block);
    return RollingSum.of(there, offset, length) == sum(block)
        && crcOf(there, offset, length) == crc(block);
  }

  void set(int block, byte[] there, int offset) {
    var length = length(block);
    bytes.putLong(HEAD + block * ENTRY, RollingSum.of(there, offset, length));
    bytes.putInt(HEAD + block * ENTRY + Long.BYTES, crcOf(there, offset, length));
  }
}
