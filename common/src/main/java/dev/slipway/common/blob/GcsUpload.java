package dev.slipway.common.blob;

import com.google.cloud.WriteChannel;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * One resumable upload. An object comes of it only by {@link #finish}; a session that is not
 * finished is forgotten by Cloud Storage after a week. It goes through {@link Storage#writer} as
 * that sends a chunk again when it failed; a {@code BlobWriteSession} over HTTP (2.78.0) does not.
 */
final class GcsUpload extends OutputStream {
  private final String name;
  private final WriteChannel channel;

  /**
   * @param chunk bytes kept in memory, and sent again when a connection breaks; a multiple of 256
   *     KiB
   */
  GcsUpload(Storage storage, String bucket, String name, int chunk) throws IOException {
    this.name = name;
    var target = com.google.cloud.storage.BlobInfo.newBuilder(bucket, name).build();
    try {
      channel = storage.writer(target, Storage.BlobWriteOption.doesNotExist());
    } catch (StorageException e) {
      throw GcsErrors.creating(name, e);
    }
    channel.setChunkSize(chunk);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    var rest = ByteBuffer.wrap(bytes, offset, length);
    try {
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
    } catch (IOException | StorageException e) {
      throw GcsErrors.creating(name, e);
    }
  }

  /** Makes the object. */
  void finish() throws IOException {
    try {
      channel.close();
    } catch (IOException | StorageException e) {
      throw GcsErrors.creating(name, e);
    }
  }
}
