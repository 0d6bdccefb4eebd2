package dev.slipway.deploy.token;

import dev.slipway.common.access.Role;
import dev.slipway.common.app.AppName;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.region.RegionName;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A token to be.
 *
 * @param name whose it will be: 1 to 100 characters
 * @param scope the region of a REGION token, and only then
 * @param apps the only ones that a DEPLOYER may act on, 1 to 100; none: all
 * @param validDays 1 to 730; where nothing is said 90 for people, 365 for workers and regions
 */
@Schema(
    example =
        """
        {"name": "ann", "role": "DEPLOYER", "apps": ["hello"], "validDays": 90}\
        """)
public record TokenWish(
    String name,
    Role role,
    @Nullable RegionName scope,
    @Nullable Set<AppName> apps,
    @Nullable Integer validDays) {
  private static final int LONGEST_NAME = 100;
  private static final int MOST_APPS = 100;

  public TokenWish {
    InvalidInput.unless(
        name != null
            && !name.isBlank()
            && name.length() <= LONGEST_NAME
            && name.chars().noneMatch(Character::isISOControl),
        "name",
        "must be 1 to " + LONGEST_NAME + " characters");
    InvalidInput.unless(
        role != null && role != Role.MACHINE,
        "role",
        "must be VIEWER, DEPLOYER, ADMIN, WORKER or REGION");
    InvalidInput.unless(
        (role == Role.REGION) == (scope != null),
        "scope",
        "must name the region of a REGION token, and is for no other");
    InvalidInput.unless(
        apps == null || (role == Role.DEPLOYER && !apps.isEmpty() && apps.size() <= MOST_APPS),
        "apps",
        "must be 1 to %d apps of a DEPLOYER token".formatted(MOST_APPS));
    Validity.check(validDays);
    apps = apps == null ? null : Set.copyOf(apps);
  }

  /** How long it will be valid. */
  int days() {
    return Validity.days(validDays, role);
  }
}
