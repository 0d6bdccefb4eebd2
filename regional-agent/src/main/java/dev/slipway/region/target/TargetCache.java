package dev.slipway.region.target;

import dev.slipway.common.app.AppName;
import dev.slipway.common.loop.Changes;
import dev.slipway.common.target.Target;
import dev.slipway.common.target.Targets;
import java.util.ArrayList;
import java.util.HashMap;

/**
 * The region's targets: durable before anyone is answered by them, so that they never go back. Many
 * read, one writes.
 */
public final class TargetCache implements AutoCloseable {
  private final TargetFile file;
  private final Changes changes;
  private volatile Snapshot snapshot;

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
   * Takes what is newer than what is here.
   *
   * @return whether anything was
   */
  public synchronized boolean accept(Targets fresh) {
    var known = new HashMap<AppName, Target>();
    snapshot.newestFirst().forEach(target -> known.put(target.app(), target));
    var newer = new ArrayList<Target>();
    for (var target : fresh.targets()) {
      var old = known.get(target.app());
      if (old == null || target.lastRevision() > old.lastRevision()) {
        known.put(target.app(), target);
        newer.add(target);
      }
    }
    var revision = Math.max(snapshot.revision(), fresh.revision());
    if (newer.isEmpty() && revision == snapshot.revision()) {
      return false;
    }
    file.write(new Targets(revision, newer));
    snapshot = Snapshot.of(new Targets(revision, new ArrayList<>(known.values())));
    changes.signal();
    return true;
  }

  @Override
  public void close() {
    file.close();
  }
}
