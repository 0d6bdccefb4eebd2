package dev.slipway.common.blob;

import com.google.cloud.WriteChannel;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One resumable upload. A session that is not finished is forgotten by Cloud Storage after a week.
 * It goes through {@link Storage#writer} as that sends a chunk again, from where the service has
 * it, when it failed; a {@code BlobWriteSession} over HTTP (2.78.0) does not.
 */
final class GcsUpload extends GcsTransfer {
  private final String name;
  private final WriteChannel channel;

  /**
   * @param target what to create; with a CRC32C the service refuses other bytes
   * @param chunk bytes kept in memory, and sent again when a connection breaks; a multiple of 256
   *     KiB
   */
  GcsUpload(Storage storage, com.google.cloud.storage.BlobInfo target, int chunk)
      throws IOException {
    this.name = target.getName();
    try {
      channel = storage.writer(target, options(target));
    } catch (StorageException e) {
      throw GcsErrors.creating(name, e);
    }
    channel.setChunkSize(chunk);
  }

  private static Storage.BlobWriteOption[] options(com.google.cloud.storage.BlobInfo target) {
    var isNew = Storage.BlobWriteOption.doesNotExist();
    return target.getCrc32c() == null
        ? new Storage.BlobWriteOption[] {isNew}
        : new Storage.BlobWriteOption[] {isNew, Storage.BlobWriteOption.crc32cMatch()};
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

  @Override
  void finish(String crc32c) throws IOException {
    try {
      channel.close();
    } catch (IOException | StorageException e) {
      throw GcsErrors.creating(name, e);
    }
  }
}
