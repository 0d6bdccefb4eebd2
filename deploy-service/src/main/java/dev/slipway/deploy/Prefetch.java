package dev.slipway.deploy;

import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.NoticeStore;

/** Tells regions which builds their machines should have before somebody presses Deploy. */
final class Prefetch {
  private final TargetStore targets;
  private final NoticeStore notices;

  Prefetch(TargetStore targets, NoticeStore notices) {
    this.targets = targets;
    this.notices = notices;
  }

  /** Looks at all apps once; several instances may. */
  boolean runOnce() {
    if (targets.lookAhead()) {
      notices.send(Channel.TARGET_CHANGED);
    }
    return false;
  }
}
