package dev.slipway.deploy.console.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.access.Caller;
import dev.slipway.common.access.Role;
import dev.slipway.common.app.AppName;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.deploy.console.oidc.OidcProperties.Grant;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class GrantsTest {
  private final Grants grants =
      new Grants(
          properties(
              "https://id.example",
              new Grant("everybody", Role.VIEWER, Set.of()),
              new Grant("team-hello", Role.DEPLOYER, Set.of("hello")),
              new Grant("team-shop", Role.DEPLOYER, Set.of("shop", "cart")),
              new Grant("releases", Role.DEPLOYER, Set.of()),
              new Grant("platform", Role.ADMIN, Set.of())));

  private static OidcProperties properties(String issuer, Grant... grants) {
    return new OidcProperties(
        URI.create(issuer), "slipway", null, List.of(), "name", "groups", List.of(grants));
  }

  private Caller caller(String... groups) {
    return grants.callerOf(Map.of("name", "ann", "groups", List.of(groups))).orElseThrow();
  }

  @Test
  void the_greatest_role_of_all_groups_counts() {
    assertThat(caller("everybody").role()).isEqualTo(Role.VIEWER);
    assertThat(caller("everybody", "releases").role()).isEqualTo(Role.DEPLOYER);
    assertThat(caller("team-hello", "platform", "unknown"))
        .isEqualTo(new Caller("ann", Role.ADMIN, null));
  }

  @Test
  void apps_of_several_groups_add_up_and_a_group_without_apps_is_for_all() {
    assertThat(caller("everybody", "team-hello", "team-shop").apps())
        .containsExactlyInAnyOrder(new AppName("hello"), new AppName("shop"), new AppName("cart"));
    assertThat(caller("team-hello", "releases").apps()).isNull();
  }

  @Test
  void who_is_in_no_group_of_ours_or_has_no_name_is_nobody() {
    assertThat(grants.callerOf(Map.of("name", "ann"))).isEmpty();
    assertThat(grants.callerOf(Map.of("name", "ann", "groups", List.of("Platform")))).isEmpty();
    assertThat(grants.callerOf(Map.of("name", "ann", "groups", 7))).isEmpty();
    assertThat(grants.callerOf(Map.of("groups", "platform"))).isEmpty();
    assertThat(grants.callerOf(Map.of("name", "n".repeat(101), "groups", "platform"))).isEmpty();
    assertThat(grants.callerOf(Map.of("name", "ann", "groups", "platform"))).isPresent();
  }

  @Test
  void settings_that_cannot_be_are_refused() {
    assertThatThrownBy(() -> properties("http://id.example", new Grant("a", Role.ADMIN, Set.of())))
        .hasMessageContaining("slipway.deploy.oidc.issuer must be an https address");
    assertThatThrownBy(() -> properties("https://id.example"))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("slipway.deploy.oidc.grants");
    assertThatThrownBy(() -> new Grant("a", Role.WORKER, Set.of()))
        .hasMessageContaining("VIEWER, DEPLOYER or ADMIN");
    assertThatThrownBy(() -> new Grant("a", Role.ADMIN, Set.of("hello")))
        .hasMessageContaining("DEPLOYER alone");
  }
}
