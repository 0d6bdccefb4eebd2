package dev.slipway.common.delta;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Looks for a new artifact's blocks in an old one, at any offset. Where a block was found, the one
 * that follows it is most likely next, so that costs one hash; only what changed is walked over
 * byte by byte, which is slow: a file of which little is found is left before its end.
 */
final class Scan {
  private static final int BUFFER = 1 << 20;
  private static final int TOLERATED = 1_000;
  private static final long WALKED_IN_VAIN = 32 << 20;

  private final FileChannel old;
  private final BlockSignatures signatures;
  private final Patch patch;
  private final BlockIndex index;
  private final int window;
  private final RollingSum rolling;

  private final byte[] buffer = new byte[BUFFER + BlockSignatures.LONGEST_BLOCK];
  private int at;
  private int end;

  /** Blocks in the buffer, one after the other, that are still to be written. */
  private int run;

  private int runFirst;
  private int runAt;

  /** Bytes walked over, less those that were found. */
  private long inVain;

  private long falseAlarms;
  private final long mostFalseAlarms;

  Scan(FileChannel old, BlockSignatures signatures, Patch patch) throws IOException {
    this.old = old;
    this.signatures = signatures;
    this.patch = patch;
    this.index = new BlockIndex(signatures);
    this.window = signatures.blockLength();
    this.rolling = new RollingSum(window);
    this.mostFalseAlarms = TOLERATED + old.size() / window;
  }

  /** To the end of the old file, or until nothing lacks or little is found. */
  void run() throws IOException, InterruptedException {
    var next = 0;
    while (next != BlockIndex.NONE) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (next < signatures.count() && isAhead(next)) {
        use(next);
        at += signatures.length(next);
        inVain -= signatures.length(next);
        next++;
      } else {
        flush();
        next = patch.isWhole() ? BlockIndex.NONE : search();
      }
    }
    flush();
  }

  private boolean isAhead(int block) throws IOException {
    var length = signatures.length(block);
    return require(length) && signatures.fits(block, buffer, at);
  }

  private void use(int block) throws IOException {
    if (patch.has(block)) {
      flush();
      return;
    }
    if (run > 0 && block == runFirst + run) {
      run++;
    } else {
      flush();
      run = 1;
      runFirst = block;
      runAt = at;
    }
    for (var twin = index.twin(block); twin != block; twin = index.twin(twin)) {
      if (!patch.has(twin)) {
        patch.put(twin, 1, buffer, at);
      }
    }
  }

  private void flush() throws IOException {
    if (run > 0) {
      patch.put(runFirst, run, buffer, runAt);
      run = 0;
    }
  }

  /** Moves on to where any block is, and tells which. */
  private int search() throws IOException, InterruptedException {
    if (!require(window)) {
      return BlockIndex.NONE;
    }
    var sum = RollingSum.of(buffer, at, window);
    while (true) {
      if (index.mayHold(sum)) {
        var found = match(sum);
        if (found != BlockIndex.NONE || falseAlarms > mostFalseAlarms) {
          return found;
        }
      }
      if (inVain > WALKED_IN_VAIN || !require(window + 1)) {
        return BlockIndex.NONE;
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      sum = roll(sum);
    }
  }

  /** On by a byte at least, and as far as the buffer goes without a sum that is worth a look. */
  private long roll(long from) {
    var sum = from;
    var i = at;
    var last = end - window;
    do {
      sum = rolling.roll(sum, buffer[i], buffer[i + window]);
      i++;
    } while (i < last && !index.mayHold(sum));
    inVain += i - at;
    at = i;
    return sum;
  }

  /** A sum that fits without its block being there costs a checksum: only so many of them. */
  private int match(long sum) {
    if (!index.holds(sum)) {
      return BlockIndex.NONE;
    }
    var found = index.find(sum, BlockSignatures.crcOf(buffer, at, window));
    if (found == BlockIndex.NONE) {
      falseAlarms++;
    }
    return found;
  }

  /** Whether so many bytes are left; reads on when there are too few in the buffer. */
  private boolean require(int bytes) throws IOException {
    if (end - at >= bytes) {
      return true;
    }
    flush();
    System.arraycopy(buffer, at, buffer, 0, end - at);
    end -= at;
    at = 0;
    var space = ByteBuffer.wrap(buffer, end, buffer.length - end);
    while (space.hasRemaining() && old.read(space) >= 0) {
      end = space.position();
    }
    return end >= bytes;
  }
}
