package dev.slipway.common.swarm;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.libtorrent4j.swig.byte_vector;

/**
 * Bytes in the engine's memory. The engine's Java wrapper would carry them over one call a byte;
 * this copies them as they come, so that a piece is never on the heap as a whole.
 */
final class NativeBytes implements AutoCloseable {
  private static final int BUFFER = 64 << 10;

  private final Vector vector;
  private final int length;

  NativeBytes(int length) {
    this.length = length;
    this.vector = new Vector(length);
  }

  byte_vector vector() {
    return vector;
  }

  /** Reads them all. */
  void fill(InputStream in) throws IOException {
    var target = vector.bytes(length);
    var buffer = new byte[Math.min(BUFFER, length)];
    for (var done = 0; done < length; ) {
      var n = in.read(buffer, 0, Math.min(buffer.length, length - done));
      if (n < 0) {
        throw new EOFException("ended after %d of %d bytes".formatted(done, length));
      }
      MemorySegment.copy(buffer, 0, target, ValueLayout.JAVA_BYTE, done, n);
      done += n;
    }
  }

  @Override
  public void close() {
    vector.delete();
  }

  private static final class Vector extends byte_vector {
    Vector(int length) {
      super(length, (byte) 0);
    }

    /** A C++ vector begins with the address of its first element. */
    @SuppressWarnings("restricted")
    MemorySegment bytes(long length) {
      var header =
          MemorySegment.ofAddress(getCPtr(this)).reinterpret(ValueLayout.ADDRESS.byteSize());
      return header.get(ValueLayout.ADDRESS, 0).reinterpret(length);
    }
  }
}
