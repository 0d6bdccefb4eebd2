package dev.slipway.common.blob;

import com.google.cloud.storage.BlobWriteSession;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;

/**
 * One resumable upload. An object comes of it only by {@link #finish}; a session that is not
 * finished is forgotten by Cloud Storage after a week.
 */
final class GcsUpload extends OutputStream {
  private final String name;
  private final BlobWriteSession session;
  private final OutputStream out;

  GcsUpload(Storage storage, String bucket, String name) throws IOException {
    this.name = name;
    session =
        storage.blobWriteSession(
            com.google.cloud.storage.BlobInfo.newBuilder(bucket, name).build(),
            Storage.BlobWriteOption.doesNotExist());
    try {
      out = Channels.newOutputStream(session.open());
    } catch (IOException | StorageException e) {
      throw GcsErrors.creating(name, e);
    }
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      out.write(bytes, offset, length);
    } catch (IOException | StorageException e) {
      throw GcsErrors.creating(name, e);
    }
  }

  /** Makes the object. */
  com.google.cloud.storage.BlobInfo finish() throws IOException {
    try {
      out.close();
      return session.getResult().resultNow();
    } catch (IOException | StorageException | IllegalStateException e) {
      throw GcsErrors.creating(name, e);
    }
  }
}
