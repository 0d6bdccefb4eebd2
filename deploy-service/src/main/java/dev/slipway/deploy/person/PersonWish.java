package dev.slipway.deploy.person;

import dev.slipway.common.access.Role;
import dev.slipway.common.app.AppName;
import dev.slipway.common.problem.InvalidInput;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What somebody is to be.
 *
 * @param apps the only ones that a DEPLOYER may act on, 1 to 100; none: all
 * @param password 12 to 200 characters; of somebody who has one it stays where nothing is said
 */
@Schema(
    example =
        """
        {"role": "DEPLOYER", "apps": ["hello"], "password": "12 to 200 characters"}\
        """)
public record PersonWish(Role role, @Nullable Set<AppName> apps, @Nullable String password) {
  private static final int SHORTEST = 12;
  private static final int LONGEST = 200;
  private static final int MOST_APPS = 100;

  public PersonWish {
    InvalidInput.unless(
        role != null && role.isPersons(), "role", "must be VIEWER, DEPLOYER or ADMIN");
    InvalidInput.unless(
        apps == null || (role == Role.DEPLOYER && !apps.isEmpty() && apps.size() <= MOST_APPS),
        "apps",
        "must be 1 to %d apps of a DEPLOYER".formatted(MOST_APPS));
    checkLength("password", password);
    apps = apps == null ? null : Set.copyOf(apps);
  }

  /** Refuses a password that is too short or too long; none is fine. */
  static void checkLength(String field, @Nullable String password) {
    InvalidInput.unless(
        password == null || (password.length() >= SHORTEST && password.length() <= LONGEST),
        field,
        "must be %d to %d characters".formatted(SHORTEST, LONGEST));
  }

  @Override
  public String toString() {
    return "PersonWish[" + role + ", " + apps + "]";
  }
}
