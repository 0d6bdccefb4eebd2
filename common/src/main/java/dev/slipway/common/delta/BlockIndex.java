package dev.slipway.common.delta;

import java.util.Arrays;

/**
 * Finds blocks by what they hash to: a bitmap that says no to nearly every offset, then a table
 * with open addressing. Equal blocks have one place in it and are tied into a ring, so that a
 * million blocks of zeros cost no more than others.
 */
final class BlockIndex {
  static final int NONE = -1;
  private static final int BITS_A_BLOCK = 32;

  private final BlockSignatures signatures;
  private final int[] table;
  private final int[] twins;
  private final long[] bitmap;
  private final int bitmapShift;

  BlockIndex(BlockSignatures signatures) {
    this.signatures = signatures;
    // a short last block is not looked for at any offset
    var blocks = (int) (signatures.size() / signatures.blockLength());
    this.table = new int[powerOfTwo(Math.ceilDiv(blocks * 3L, 2))];
    this.twins = new int[signatures.count()];
    var bits = powerOfTwo((long) Math.max(blocks, 2) * BITS_A_BLOCK);
    this.bitmap = new long[bits / Long.SIZE];
    this.bitmapShift = Long.SIZE - Integer.numberOfTrailingZeros(bits);
    Arrays.fill(table, NONE);
    for (var block = 0; block < twins.length; block++) {
      twins[block] = block;
    }
    for (var block = 0; block < blocks; block++) {
      add(block);
    }
  }

  private static int powerOfTwo(long least) {
    return 1 << (Long.SIZE - Long.numberOfLeadingZeros(Math.max(1, least) - 1));
  }

  private void add(int block) {
    var sum = signatures.sum(block);
    var slot = slot(sum);
    while (table[slot] != NONE) {
      var twin = table[slot];
      if (signatures.sum(twin) == sum && signatures.crc(twin) == signatures.crc(block)) {
        twins[block] = twins[twin];
        twins[twin] = block;
        return;
      }
      slot = (slot + 1) & (table.length - 1);
    }
    table[slot] = block;
    var bit = (int) (sum >>> bitmapShift);
    bitmap[bit >> 6] |= 1L << bit;
  }

  private int slot(long sum) {
    return (int) ((sum * 0x9E3779B97F4A7C15L) >>> 33) & (table.length - 1);
  }

  /** Whether a block may have this sum; seldom true without reason. */
  boolean mayHold(long sum) {
    var bit = (int) (sum >>> bitmapShift);
    return (bitmap[bit >> 6] & 1L << bit) != 0;
  }

  /** Whether a block has this sum. */
  boolean holds(long sum) {
    for (var slot = slot(sum); table[slot] != NONE; slot = (slot + 1) & (table.length - 1)) {
      if (signatures.sum(table[slot]) == sum) {
        return true;
      }
    }
    return false;
  }

  /** The block that has these, or {@link #NONE}. */
  int find(long sum, int crc) {
    for (var slot = slot(sum); table[slot] != NONE; slot = (slot + 1) & (table.length - 1)) {
      var block = table[slot];
      if (signatures.sum(block) == sum && signatures.crc(block) == crc) {
        return block;
      }
    }
    return NONE;
  }

  /** The next block that is equal to this one; itself where there is no other. */
  int twin(int block) {
    return twins[block];
  }
}
