package dev.slipway.common.target;

import dev.slipway.common.access.Secrets;
import dev.slipway.common.app.AppName;
import dev.slipway.common.machine.MachineId;
import org.jspecify.annotations.Nullable;

/**
 * What an app must run in a region.
 *
 * @param share of the region's machines that take {@code release}, in percent; the others keep
 *     {@code previous}
 * @param revision grows over all keys, in commit order
 * @param ahead what the app's machines should have besides; none where that was never said
 */
public record Target(
    AppName app,
    long revision,
    Release release,
    int share,
    @Nullable Release previous,
    @Nullable Ahead ahead) {
  /** The revision of its last change, of whichever part. */
  public long lastRevision() {
    return ahead == null ? revision : Math.max(revision, ahead.revision());
  }

  /**
   * The release for a machine, by a stable hash of app and machine; none where it has nothing to
   * keep.
   */
  public @Nullable Release releaseFor(MachineId machine) {
    return slot(app, machine) < share ? release : previous;
  }

  /**
   * The machine's place in the app's order, 0 to 99: a growing share keeps those who have the
   * release already.
   */
  public static int slot(AppName app, MachineId machine) {
    return (int) (Long.parseLong(Secrets.sha256(app + "/" + machine).substring(0, 8), 16) % 100);
  }
}
