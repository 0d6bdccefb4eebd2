package dev.slipway.machine.app;

import dev.slipway.common.machine.AppReport;
import dev.slipway.common.machine.Assignment;
import dev.slipway.machine.artifact.Artifacts;
import dev.slipway.machine.artifact.Refused;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an app is to run, on disk before anything is done about it, and the releases that are here
 * because of it: one goes when nothing points to it any more. One thread writes; anyone reads the
 * memory.
 */
final class Ledger {
  /** What runs, and the one to go back to. */
  private static final int LEAST = 2;

  private final AppFolder folder;
  private final Artifacts artifacts;
  private final int keep;
  private volatile AppMemory memory = AppMemory.NOTHING;

  /**
   * @param keep how many of the releases that ran stay here, at least 2
   */
  Ledger(AppFolder folder, Artifacts artifacts, int keep) {
    this.folder = folder;
    this.artifacts = artifacts;
    this.keep = keep;
  }

  /** Reads what the agent before this one knew, and removes what it left half done. */
  void recover() throws IOException {
    folder.prepare();
    memory = folder.memory().keeping(keep);
    folder.retain(memory.releases().map(release -> release.release().build()).toList());
    memory.shared().forEach(artifacts::hold);
  }

  AppMemory memory() {
    return memory;
  }

  /** The builds that are here, whole. */
  List<Long> kept() {
    return memory
        .releases()
        .map(release -> release.release().build())
        .distinct()
        .filter(folder::holds)
        .limit(AppReport.MOST_KEPT)
        .toList();
  }

  /** Takes a newer target, or the same with other addresses. */
  void aim(Assignment newest) throws IOException {
    artifacts.hold(newest);
    var superseded = memory.pending();
    remember(memory.aimingAt(newest));
    if (superseded != null) {
      drop(superseded);
    }
  }

  /** Takes another release to have ahead, or none; the one before goes, unless it ran. */
  void expect(@Nullable Assignment next) throws IOException {
    if (next != null) {
      artifacts.hold(next);
    }
    var before = memory.ahead();
    remember(memory.expecting(next));
    if (before != null) {
      drop(before);
    }
  }

  /** The target runs; what is too old to be kept goes. */
  void succeeded() throws IOException {
    var before = memory;
    remember(memory.succeeded(keep));
    for (var release : before.releases().toList()) {
      drop(release);
    }
  }

  /** Gives up what is only kept for a rollback further back, for the room that it takes. */
  void makeRoom() throws IOException {
    var before = memory;
    remember(memory.keeping(LEAST));
    for (var release : before.older()) {
      drop(release);
    }
  }

  /** The target is given up, and goes. */
  void failed(Assignment target, String reason) throws IOException {
    remember(memory.failed(reason));
    if (memory.current() == null) {
      folder.switchOff();
    }
    drop(target);
  }

  /** Goes on sharing the artifacts that are here. */
  void share() throws IOException, InterruptedException, Refused {
    for (var release : memory.shared().toList()) {
      var manifest = folder.manifest(release.release().build());
      if (manifest.isPresent()) {
        artifacts.share(release, manifest.get());
      }
    }
  }

  private void remember(AppMemory next) throws IOException {
    folder.remember(next);
    memory = next;
  }

  private void drop(Assignment release) throws IOException {
    if (!memory.keeps(release)) {
      folder.remove(release.release().build());
    }
    if (!memory.shares(release)) {
      artifacts.letGo(release);
    }
  }
}
