package dev.slipway.queue.app;

import dev.slipway.common.access.Caller;
import dev.slipway.common.access.Secrets;
import dev.slipway.common.app.App;
import dev.slipway.common.app.AppName;
import dev.slipway.common.app.AppRepository;
import dev.slipway.common.audit.AuditStore;
import dev.slipway.common.etag.Version;
import dev.slipway.common.problem.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionOperations;

/** Registers apps: each repository belongs to one. */
public final class AppRegistry {
  private final AppRepository apps;
  private final RepositoryStore repositories;
  private final AuditStore audit;
  private final TransactionOperations transaction;
  private final boolean allowLocal;

  /**
   * @param allowLocal whether a repository may be a path of this machine
   */
  public AppRegistry(
      AppRepository apps,
      RepositoryStore repositories,
      AuditStore audit,
      TransactionOperations transaction,
      boolean allowLocal) {
    this.apps = apps;
    this.repositories = repositories;
    this.audit = audit;
    this.transaction = transaction;
    this.allowLocal = allowLocal;
  }

  /** What came of a registration; the secret only when it was made just now. */
  record Registered(AppName name, boolean created, @Nullable String newSecret) {}

  /**
   * Makes the app what the registration says.
   *
   * @param ifMatch the version that the caller has seen, as in {@link Version#mustMatch}
   * @throws Problem 409 if another app builds the repository, 412 if the app is another version
   */
  Registered put(AppName name, Registration wanted, @Nullable String ifMatch, Caller caller) {
    var address = RepositoryAddress.of(wanted.repository(), allowLocal);
    return transaction.execute(status -> {
      repositories.lock();
      var owner = repositories.appOf(List.of(address.text()));
      if (owner.isPresent() && !owner.get().equals(name)) {
        throw Problem.conflict("repository-taken", "the repository is built by app " + owner.get());
      }
      var known = apps.findByName(name.value());
      Version.mustMatch(ifMatch, known == null ? null : AppView.of(known, null));
      var generated = known == null && wanted.webhookSecret() == null ? Secrets.random() : null;
      save(name, wanted, address, known, generated);
      audit.record(
          caller.name(),
          "app-put",
          "app " + name,
          known == null ? "CREATED" : "CHANGED",
          address.text() + " " + wanted.branchOrDefault());
      return new Registered(name, known == null, generated);
    });
  }

  private void save(
      AppName name,
      Registration wanted,
      RepositoryAddress address,
      @Nullable App known,
      @Nullable String generated) {
    var secret = wanted.webhookSecret() != null ? wanted.webhookSecret() : generated;
    if (known != null) {
      known.change(
          address.text(),
          wanted.branchOrDefault(),
          secret != null ? secret : known.webhookSecret(),
          wanted.recipe(),
          wanted.options());
      apps.save(known);
    } else if (secret != null) {
      apps.save(
          new App(
              name,
              address.text(),
              wanted.branchOrDefault(),
              secret,
              wanted.recipe(),
              wanted.options()));
    }
  }
}
