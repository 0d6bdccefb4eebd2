package dev.slipway.replication.retention;

import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.blob.BlobInfo;
import dev.slipway.common.blob.BlobStore;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Where content of the home bucket waits for its end. Objects are named by content: an attempt that
 * saw an object just before it was put aside may still succeed with it, and then it comes back.
 */
final class Trash {
  private static final String PREFIX = "trash/";
  private static final Pattern NAME =
      Pattern.compile("trash/(?:artifacts|blocks)/([^/]+)/([0-9a-f]{64})");

  private final RetiredStore store;
  private final Broom broom;
  private final Duration grace;

  /**
   * @param grace how long it waits; longer than from an attempt's upload to its end
   */
  Trash(RetiredStore store, Broom broom, Duration grace) {
    this.store = store;
    this.broom = broom;
    this.grace = grace;
  }

  /** Puts a build's content aside, unless it turns out to be needed. */
  void put(BlobStore home, Retired build) throws IOException {
    for (var content : build.contents()) {
      broom.move(home, content, PREFIX + content);
    }
    if (store.isKept(build.app(), build.sha256())) {
      restore(home, build.app(), build.sha256());
    }
  }

  /** Removes what has waited for long enough, and brings back what is needed after all. */
  void empty(BlobStore home) throws IOException {
    var after = "";
    for (var page = home.list(PREFIX, after, BlobStore.MAX_LISTED);
        !page.isEmpty();
        page = home.list(PREFIX, after, BlobStore.MAX_LISTED)) {
      for (var object : page) {
        look(home, object);
      }
      after = page.getLast().name();
    }
  }

  private void look(BlobStore home, BlobInfo object) throws IOException {
    var name = NAME.matcher(object.name());
    if (!name.matches()) {
      return;
    }
    var app = new AppName(name.group(1));
    var sha256 = new Sha256(name.group(2));
    if (store.isKept(app, sha256)) {
      restore(home, app, sha256);
    } else if (store.isForgotten(app, sha256, grace)) {
      broom.remove(home, object.name());
    }
  }

  private void restore(BlobStore home, AppName app, Sha256 sha256) throws IOException {
    for (var content : Retired.contents(app, sha256)) {
      broom.move(home, PREFIX + content, content);
    }
    // the regions' may be gone
    store.readAgain(app, sha256);
  }
}
