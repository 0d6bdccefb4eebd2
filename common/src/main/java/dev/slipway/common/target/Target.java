package dev.slipway.common.target;

import dev.slipway.common.access.Secrets;
import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.Envelope;
import dev.slipway.common.machine.Labels;
import dev.slipway.common.machine.MachineId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an app must run in a region.
 *
 * @param share of the region's machines that take {@code release}, in percent; the others keep
 *     {@code previous}
 * @param revision grows over all keys, in commit order
 * @param ahead what the app's machines should have besides; none where that was never said
 * @param signed a {@link TargetStatement} that says the same of all but {@code ahead}; none where
 *     the centre does not sign
 * @param labels that a machine must have to be the app's at all; the others are told nothing
 * @param groups of these machines that take {@code release} besides the {@code share} of all
 */
public record Target(
    AppName app,
    long revision,
    Release release,
    int share,
    @Nullable Release previous,
    @Nullable Ahead ahead,
    @Nullable Envelope signed,
    Labels labels,
    List<Group> groups) {
  public Target {
    // a centre or a file of before there were labels says nothing of them
    labels = labels == null ? Labels.NONE : labels;
    groups = groups == null ? List.of() : List.copyOf(groups);
  }

  /** Of all machines, before it is signed. */
  public Target(
      AppName app,
      long revision,
      Release release,
      int share,
      @Nullable Release previous,
      @Nullable Ahead ahead) {
    this(app, revision, release, share, previous, ahead, null, Labels.NONE, List.of());
  }

  /** With the centre's signature. */
  public Target signed(Envelope statement) {
    return new Target(app, revision, release, share, previous, ahead, statement, labels, groups);
  }

  /** The revision of its last change, of whichever part. */
  public long lastRevision() {
    return ahead == null ? revision : Math.max(revision, ahead.revision());
  }

  /** Whether the app is for machines with these labels. */
  public boolean isFor(Labels its) {
    return its.cover(labels);
  }

  /**
   * The release for a machine, by its labels and a stable hash of app and machine; none where it
   * has nothing to keep, or the app is not for it.
   */
  public @Nullable Release releaseFor(MachineId machine, Labels its) {
    if (!isFor(its)) {
      return null;
    }
    return slot(app, machine) < share || groups.stream().anyMatch(g -> g.has(app, machine, its))
        ? release
        : previous;
  }

  /**
   * The machine's place in the app's order, 0 to 99: a growing share keeps those who have the
   * release already.
   */
  public static int slot(AppName app, MachineId machine) {
    return (int) (Long.parseLong(Secrets.sha256(app + "/" + machine).substring(0, 8), 16) % 100);
  }
}
