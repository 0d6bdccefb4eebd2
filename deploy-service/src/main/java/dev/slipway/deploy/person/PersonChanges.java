package dev.slipway.deploy.person;

import dev.slipway.common.audit.AuditStore;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.problem.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;

/** Lets people in by passwords and out again; what is done and its audit are one. */
public final class PersonChanges {
  private final PersonStore people;
  private final Passwords passwords;
  private final AuditStore audit;
  private final TransactionTemplate transaction;

  public PersonChanges(
      PersonStore people, Passwords passwords, AuditStore audit, TransactionTemplate transaction) {
    this.people = people;
    this.passwords = passwords;
    this.audit = audit;
    this.transaction = transaction;
  }

  /** Those with a name after {@code after}, by name. */
  public List<Person> page(String after, int limit) {
    return people.page(after, limit);
  }

  /**
   * Lets somebody in, or changes somebody, whose sessions then end.
   *
   * @return whether it is somebody new
   * @throws InvalidInput when somebody new has no password
   * @throws Problem {@code busy} when too many passwords are hashed, or somebody else lets the same
   *     one in just now
   */
  public boolean put(PersonName name, PersonWish wish, String by) {
    // before the transaction: it takes its time
    var hash = wish.password() == null ? null : passwords.hash(wish.password());
    return Boolean.TRUE.equals(transaction.execute(t -> put(name, wish, hash, by)));
  }

  private boolean put(PersonName name, PersonWish wish, @Nullable String hash, String by) {
    var created = !people.change(name, wish, hash);
    if (created) {
      if (hash == null) {
        throw new InvalidInput("password", "must be given for somebody new");
      }
      if (!people.add(name, wish, hash, by)) {
        throw Problem.conflict("busy", "somebody else makes " + name + " just now; try again");
      }
    }
    audit.record(
        by,
        "person-put",
        "person " + name,
        created ? "CREATED" : "CHANGED",
        wish.role()
            + (wish.apps() == null ? "" : " for " + wish.apps())
            + (hash == null ? "" : ", with a new password"));
    return created;
  }

  /** Whether somebody of that name has a password. */
  public boolean hasPassword(String name) {
    return people.account(name).isPresent();
  }

  /**
   * Somebody changes their own password; their sessions end, this one too.
   *
   * @param current what they have
   * @param next 12 to 200 characters
   * @throws InvalidInput when {@code current} is wrong or {@code next} out of bounds
   * @throws Problem {@code busy} when too many passwords are hashed, or it was changed meanwhile
   */
  public void changeOwn(String name, String current, String next) {
    PersonWish.checkLength("next", next);
    var account = people.account(name);
    if (!passwords.matches(current, account.map(PersonStore.Account::hash).orElse(null))) {
      throw new InvalidInput("current", "is not your password");
    }
    var hash = passwords.hash(next);
    transaction.executeWithoutResult(t -> {
      if (!people.changePassword(name, account.orElseThrow().version(), hash)) {
        throw Problem.conflict("busy", "the password was changed meanwhile; try again");
      }
      audit.record(name, "person-password", "person " + name, "CHANGED", null);
    });
  }

  /**
   * Takes somebody out; their sessions end.
   *
   * @throws Problem {@code not-found}
   */
  public void remove(PersonName name, String by) {
    transaction.executeWithoutResult(t -> {
      if (!people.remove(name)) {
        throw Problem.notFound("person " + name);
      }
      audit.record(by, "person-remove", "person " + name, "REMOVED", null);
    });
  }
}
