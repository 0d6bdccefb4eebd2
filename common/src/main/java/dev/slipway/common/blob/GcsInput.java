package dev.slipway.common.blob;

import com.google.cloud.ReadChannel;
import com.google.cloud.storage.StorageException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.nio.channels.Channels;

/** A download; the client takes it up again where a connection broke. */
final class GcsInput extends FilterInputStream {
  private final String name;

  GcsInput(String name, ReadChannel channel) {
    super(Channels.newInputStream(channel));
    this.name = name;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    try {
      return in.read(bytes, offset, length);
    } catch (IOException | StorageException e) {
      throw GcsErrors.reading(name, e);
    }
  }
}
