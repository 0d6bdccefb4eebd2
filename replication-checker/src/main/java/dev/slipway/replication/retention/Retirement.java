package dev.slipway.replication.retention;

import dev.slipway.common.app.AppName;
import dev.slipway.common.audit.AuditStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Decides which builds are no longer kept, an app at a time and under its lock. From then on they
 * cannot be deployed; their objects go later.
 */
final class Retirement {
  static final String WHY =
      "not among the app's newest builds, and no target, deployment, rollback or auto-deploy needs it";

  private final RetiredStore store;
  private final AuditStore audit;
  private final TransactionTemplate transaction;

  Retirement(RetiredStore store, AuditStore audit, TransactionTemplate transaction) {
    this.store = store;
    this.audit = audit;
    this.transaction = transaction;
  }

  /** Retires what nothing keeps; returns what was. */
  List<Retired> retire() {
    return ofEachApp(app ->
        inTransaction(() -> {
          var retired = justRetired(app);
          for (var build : retired) {
            audit.record(
                Retention.NAME,
                "build-retire",
                "build " + build.build(),
                "RETIRED",
                "app %s, %d bytes: %s".formatted(app, build.bytes(), WHY));
          }
          return retired;
        }));
  }

  /** Tells what {@link #retire} would do: does it, and takes it back. */
  List<Retired> rehearse() {
    return ofEachApp(app ->
        Objects.requireNonNull(
            transaction.execute(t -> {
              t.setRollbackOnly();
              return justRetired(app);
            })));
  }

  private List<Retired> justRetired(AppName app) {
    var ids = new HashSet<>(store.retire(app));
    return ids.isEmpty()
        ? List.of()
        : store.of(app).stream().filter(build -> ids.contains(build.build())).toList();
  }

  private List<Retired> inTransaction(java.util.function.Supplier<List<Retired>> work) {
    return Objects.requireNonNull(transaction.execute(t -> work.get()));
  }

  private List<Retired> ofEachApp(Function<AppName, List<Retired>> work) {
    var all = new ArrayList<Retired>();
    for (var app : store.apps()) {
      all.addAll(work.apply(app));
    }
    return all;
  }
}
