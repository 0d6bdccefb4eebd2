package dev.slipway.region;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;

/** Tells how many bytes are read, as they are. */
public class CountedInput extends FilterInputStream {
  private final LongConsumer counter;

  /**
   * @param counter gets the size of every read
   */
  public CountedInput(InputStream in, LongConsumer counter) {
    super(in);
    this.counter = counter;
  }

  @Override
  public int read() throws IOException {
    var one = super.read();
    counter.accept(one < 0 ? 0 : 1);
    return one;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    var n = super.read(into, offset, length);
    counter.accept(Math.max(0, n));
    return n;
  }
}
