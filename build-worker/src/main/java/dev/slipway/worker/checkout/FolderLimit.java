package dev.slipway.worker.checkout;

import dev.slipway.worker.job.BuildFailed;
import java.io.IOException;
import java.nio.file.Path;
import org.springframework.util.unit.DataSize;

/**
 * The most that a folder may hold while something fills it. Looking at a folder of many files takes
 * its time, so that is done for a tenth of the time at most.
 */
public final class FolderLimit {
  private static final int REST = 9;

  private final Path folder;
  private final DataSize most;
  private final String reason;
  private long nextLook = System.nanoTime();

  /**
   * @param reason what a build fails with that fills it further
   */
  public FolderLimit(Path folder, DataSize most, String reason) {
    this.folder = folder;
    this.most = most;
    this.reason = reason;
  }

  /**
   * Looks, unless that was done only just now.
   *
   * @throws BuildFailed when the folder holds more
   */
  public void check() throws BuildFailed, IOException {
    var start = System.nanoTime();
    if (start - nextLook < 0) {
      return;
    }
    if (Folders.size(folder, most.toBytes()) > most.toBytes()) {
      throw new BuildFailed(reason);
    }
    var end = System.nanoTime();
    nextLook = end + REST * (end - start);
  }
}
