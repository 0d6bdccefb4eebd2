package dev.slipway.common.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.app.AppName;
import dev.slipway.common.database.TestDatabase;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.problem.Problem;
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

  @Test
  void a_deployers_token_may_be_one_of_some_apps() {
    tokens.put("ci", Role.DEPLOYER, null, "secret");
    database.jdbc().sql("update api_token set apps = '{hello,shop}'").update();
    var caller = tokens.callerOf("secret").orElseThrow();
    assertThat(caller.mayDeploy(new AppName("hello"))).isTrue();
    assertThat(caller.mayDeploy(new AppName("other"))).isFalse();
    assertThatThrownBy(() -> caller.mustDeploy(new AppName("other")))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("app other");
  }

  @Test
  void the_secret_before_is_good_until_its_time_is_over() {
    tokens.put("eu", Role.REGION, "eu", "new");
    previous("old", "1 minute");
    assertThat(tokens.callerOf("old")).isEqualTo(tokens.callerOf("new")).isPresent();
    previous("old", "0");
    assertThat(tokens.callerOf("old")).isEmpty();
  }

  private void previous(String secret, String left) {
    database
        .jdbc()
        .sql("update api_token set previous_hash = ?, previous_until = now() + cast(? as interval)")
        .params(Secrets.sha256(secret), left)
        .update();
  }

  @Test
  void the_last_use_is_written_once_an_hour_and_by_nobody_else() {
    tokens.put("ci", Role.VIEWER, null, "secret");
    tokens.callerOf("guess");
    assertThat(used("last_used_at is null")).isTrue();
    tokens.callerOf("secret");
    assertThat(used("last_used_at > now() - interval '1 minute'")).isTrue();
    usedBefore("59 minutes");
    tokens.callerOf("secret");
    assertThat(used("last_used_at < now() - interval '58 minutes'")).isTrue();
    usedBefore("61 minutes");
    tokens.callerOf("secret");
    assertThat(used("last_used_at > now() - interval '1 minute'")).isTrue();
  }

  private void usedBefore(String time) {
    database
        .jdbc()
        .sql("update api_token set last_used_at = now() - cast(? as interval)")
        .param(time)
        .update();
  }

  private boolean used(String when) {
    return database.jdbc().sql("select " + when + " from api_token").query(Boolean.class).single();
  }
}
