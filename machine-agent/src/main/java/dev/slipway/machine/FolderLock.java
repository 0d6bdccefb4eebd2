package dev.slipway.machine;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps a second agent out of an agent's folder; ends with the process, however that ends. */
final class FolderLock implements AutoCloseable {
  private final FileChannel channel;

  private FolderLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * @throws IOException when another agent has it
   */
  static FolderLock of(Path folder) throws IOException {
    var channel =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return new FolderLock(channel);
      }
    } catch (OverlappingFileLockException inThisProcess) {
      // as if another process had it
    }
    channel.close();
    throw new IOException(folder + " is used by another machine agent");
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
