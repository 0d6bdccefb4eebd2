package dev.slipway.deploy.console.region;

import dev.slipway.common.audit.AuditStore;
import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.problem.Problem;
import dev.slipway.common.region.RegionName;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionOperations;

/** Leaves a sick region out, and takes it in again; what is done and its audit are one. */
final class RegionSwitch {
  private static final int LONGEST_REASON = 500;

  private final RegionSwitchStore store;
  private final AuditStore audit;
  private final NoticeStore notices;
  private final TransactionOperations transaction;

  RegionSwitch(
      RegionSwitchStore store,
      AuditStore audit,
      NoticeStore notices,
      TransactionOperations transaction) {
    this.store = store;
    this.audit = audit;
    this.notices = notices;
    this.transaction = transaction;
  }

  /**
   * From here on builds become deployable without the region's copies.
   *
   * @param reason 1 to 500 characters
   */
  void exclude(RegionName region, String reason, String by) {
    InvalidInput.unless(
        !reason.isBlank() && reason.length() <= LONGEST_REASON,
        "reason",
        "must say in 1 to %d characters why the region is excluded".formatted(LONGEST_REASON));
    set(region, false, reason.strip(), by);
  }

  /** It counts again, and catches up. */
  void include(RegionName region, String by) {
    set(region, true, null, by);
  }

  private void set(RegionName region, boolean wanted, @Nullable String reason, String by) {
    transaction.executeWithoutResult(t -> {
      if (!store.set(region, wanted, reason)) {
        throw Problem.notFound("region " + region);
      }
      audit.record(
          by, wanted ? "region-include" : "region-exclude", "region " + region, "DONE", reason);
    });
    notices.send(Channel.REPLICA_CHANGED);
  }
}
