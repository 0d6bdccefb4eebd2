package dev.slipway.deploy.person;

import dev.slipway.common.access.Caller;
import dev.slipway.deploy.person.PersonStore.Account;
import java.util.Optional;

/** Tells people by their passwords. */
public final class People {
  private final PersonStore store;
  private final Passwords passwords;

  public People(PersonStore store, Passwords passwords) {
    this.store = store;
    this.passwords = passwords;
  }

  /**
   * Somebody who is known.
   *
   * @param version of the password that it was told by
   */
  public record Known(Caller caller, int version) {}

  /**
   * Who it is; nobody when the password is wrong or there is nobody of that name, which takes as
   * long.
   */
  public Optional<Known> find(String name, String password) {
    var account = store.account(name);
    return passwords.matches(password, account.map(Account::hash).orElse(null))
        ? account.map(found -> new Known(found.caller(), found.version()))
        : Optional.empty();
  }

  /** Whether somebody still is who they were, with the password that they had. */
  public boolean isStill(Known known) {
    return store
        .account(known.caller().name())
        .filter(now -> now.version() == known.version() && now.caller().equals(known.caller()))
        .isPresent();
  }
}
