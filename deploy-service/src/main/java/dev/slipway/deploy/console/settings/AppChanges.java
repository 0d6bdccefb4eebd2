package dev.slipway.deploy.console.settings;

import dev.slipway.common.app.AppName;
import dev.slipway.common.app.BuildOptions;
import dev.slipway.common.audit.AuditStore;
import dev.slipway.common.problem.Problem;
import org.springframework.transaction.support.TransactionOperations;

/** Changes how an app's builds are treated; what is done and its audit are one. */
final class AppChanges {
  private final AppSettingsStore store;
  private final AuditStore audit;
  private final TransactionOperations transaction;

  AppChanges(AppSettingsStore store, AuditStore audit, TransactionOperations transaction) {
    this.store = store;
    this.audit = audit;
    this.transaction = transaction;
  }

  void change(AppName app, BuildOptions options, String by) {
    transaction.executeWithoutResult(t -> {
      if (!store.change(app, options)) {
        throw Problem.notFound("app " + app);
      }
      audit.record(by, "app-options", "app " + app, "CHANGED", inWords(options));
    });
  }

  private static String inWords(BuildOptions options) {
    return "builds %s, %d attempts, failures %s, %d builds kept"
        .formatted(
            options.builds().text(),
            options.maxAttempts(),
            options.retryFailures() ? "tried again" : "final",
            options.keepBuilds());
  }
}
