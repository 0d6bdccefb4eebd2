package dev.slipway.common.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.database.TestDatabase;
import dev.slipway.common.problem.InvalidInput;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class TokenStoreTest {
  private final TestDatabase database = TestDatabase.create();
  private final TokenStore tokens = new TokenStore(database.jdbc());

  @Test
  void a_token_is_known_by_its_hash_alone() {
    tokens.put("ci", Role.DEPLOYER, null, "secret");
    assertThat(tokens.callerOf("secret")).contains(new Caller("ci", Role.DEPLOYER, null));
    assertThat(database.jdbc().sql("select hash from api_token").query(String.class).single())
        .isEqualTo(Secrets.sha256("secret"));
  }

  @Test
  void a_token_that_is_unknown_expired_or_revoked_has_no_caller() {
    tokens.put("a", Role.ADMIN, null, "expired");
    tokens.put("b", Role.ADMIN, null, "revoked");
    database.jdbc().sql("update api_token set expires_at = now() where name = 'a'").update();
    database.jdbc().sql("update api_token set revoked_at = now() where name = 'b'").update();
    assertThat(tokens.callerOf("expired")).isEmpty();
    assertThat(tokens.callerOf("revoked")).isEmpty();
    assertThat(tokens.callerOf("never issued")).isEmpty();
  }

  @Test
  void a_region_token_needs_its_region() {
    assertThatThrownBy(() -> tokens.put("eu", Role.REGION, null, "t"))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("scope");
  }
}
