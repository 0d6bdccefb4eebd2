package dev.slipway.common.blob;

import java.io.IOException;
import java.io.OutputStream;

/** An object on its way into Cloud Storage. Closed before it is finished, nothing comes of it. */
abstract class GcsTransfer extends OutputStream {
  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  /**
   * Makes the object.
   *
   * @param crc32c of all that was written
   * @throws BlobExists when there is one of that name
   */
  abstract void finish(String crc32c) throws IOException;
}
