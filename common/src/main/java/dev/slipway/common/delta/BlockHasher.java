package dev.slipway.common.delta;

import dev.slipway.common.problem.InvalidInput;

/**
 * Makes an artifact's block signatures from its bytes as they pass by, once. Not for several
 * threads.
 */
public final class BlockHasher {
  private final BlockSignatures signatures;
  private final byte[] begun;
  private int begunBytes;
  private int block;
  private long left;

  /**
   * @param size bytes, 1 to {@link dev.slipway.common.artifact.Manifest#MAX_SIZE}
   */
  public BlockHasher(long size) {
    BlockSignatures.checkSize(size);
    this.signatures = new BlockSignatures(size);
    this.begun = new byte[signatures.blockLength()];
    this.left = size;
  }

  /**
   * Takes the next bytes.
   *
   * @throws InvalidInput when there are more than were announced
   */
  public void update(byte[] bytes, int offset, int length) {
    InvalidInput.unless(
        length <= left,
        "artifact",
        "must not grow while it is read: " + signatures.size() + " bytes");
    left -= length;
    var from = offset;
    var end = offset + length;
    while (from < end) {
      var whole = signatures.length(block);
      if (begunBytes == 0 && end - from >= whole) {
        end(bytes, from);
        from += whole;
      } else {
        var n = Math.min(whole - begunBytes, end - from);
        System.arraycopy(bytes, from, begun, begunBytes, n);
        begunBytes += n;
        from += n;
        if (begunBytes == whole) {
          end(begun, 0);
          begunBytes = 0;
        }
      }
    }
  }

  private void end(byte[] bytes, int offset) {
    signatures.set(block, bytes, offset);
    block++;
  }

  /**
   * The signatures, after the last byte.
   *
   * @throws InvalidInput when there were fewer bytes than announced
   */
  public BlockSignatures finish() {
    InvalidInput.unless(
        left == 0, "artifact", "must not shrink while it is read: " + signatures.size() + " bytes");
    return signatures;
  }
}
