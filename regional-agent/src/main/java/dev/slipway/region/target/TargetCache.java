package dev.slipway.region.target;

import dev.slipway.common.app.AppName;
import dev.slipway.common.loop.Changes;
import dev.slipway.common.target.Target;
import dev.slipway.common.target.Targets;
import java.util.ArrayList;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;

/**
 * The region's targets and revoked machines: durable before anyone is answered by them, so that
 * they never go back. Many read, one writes.
 */
public final class TargetCache implements AutoCloseable {
  private final TargetFile file;
  private final Changes changes;
  private volatile Snapshot snapshot;
  private volatile boolean behind;

  /**
   * @param changes signalled after every change
   */
  public TargetCache(TargetFile file, Changes changes) {
    this.file = file;
    this.changes = changes;
    this.snapshot = Snapshot.of(file.read());
  }

  public Snapshot snapshot() {
    return snapshot;
  }

  /**
   * Whether the centre has said what could not be made durable: a full disk, say. Whoever is
   * answered by what is here may be answered by something old.
   */
  public boolean isBehind() {
    return behind;
  }

  /**
   * Takes what is newer than what is here, and what is the same but signed anew.
   *
   * @return whether anything was
   */
  public synchronized boolean accept(Targets fresh) {
    var known = new HashMap<AppName, Target>();
    snapshot.newestFirst().forEach(target -> known.put(target.app(), target));
    var taken = new ArrayList<Target>();
    var news = fresh.revision() > snapshot.revision();
    for (var target : fresh.targets()) {
      var old = known.get(target.app());
      var newer = old == null || target.lastRevision() > old.lastRevision();
      if (newer || isSignedAnew(target, old)) {
        known.put(target.app(), target);
        taken.add(target);
        news |= newer;
      }
    }
    var revoked =
        fresh.revoked().stream().filter(r -> r.revision() > snapshot.epochOf(r.machine())).toList();
    news |= !revoked.isEmpty();
    if (taken.isEmpty() && !news) {
      return false;
    }
    var revision = Math.max(snapshot.revision(), fresh.revision());
    write(new Targets(revision, taken, revoked));
    snapshot =
        Snapshot.of(
            new Targets(
                revision, new ArrayList<>(known.values()), snapshot.revokedBesides(revoked)));
    if (news) {
      // nobody waits for a later signature of what they know
      changes.signal();
    }
    return true;
  }

  private void write(Targets newer) {
    try {
      file.write(newer);
      behind = false;
    } catch (RuntimeException failed) {
      behind = true;
      throw failed;
    }
  }

  private static boolean isSignedAnew(Target target, @Nullable Target old) {
    return old != null
        && target.lastRevision() == old.lastRevision()
        && target.signed() != null
        && !target.signed().equals(old.signed());
  }

  @Override
  public void close() {
    file.close();
  }
}
