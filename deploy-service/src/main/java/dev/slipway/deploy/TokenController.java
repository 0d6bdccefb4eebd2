package dev.slipway.deploy;

import dev.slipway.common.access.Caller;
import dev.slipway.common.access.Role;
import dev.slipway.common.access.Secrets;
import dev.slipway.common.access.TokenStore;
import dev.slipway.common.audit.AuditStore;
import dev.slipway.common.problem.InvalidInput;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Makes tokens for people, workers and regions. */
@RestController
public class TokenController {
  private final TokenStore tokens;
  private final AuditStore audit;

  TokenController(TokenStore tokens, AuditStore audit) {
    this.tokens = tokens;
    this.audit = audit;
  }

  /**
   * Whose token it will be; one of that name is replaced.
   *
   * @param scope the region of a REGION token
   */
  public record Wish(String name, Role role, @Nullable String scope) {
    public Wish {
      InvalidInput.unless(name != null, "name", "must be 1 to 100 characters");
      InvalidInput.unless(
          role != null, "role", "must be VIEWER, DEPLOYER, ADMIN, WORKER or REGION");
    }
  }

  /** The token itself, shown this once. */
  public record Made(String name, String token) {}

  @PostMapping("/api/v1/tokens")
  @ResponseStatus(HttpStatus.CREATED)
  Made make(@RequestBody Wish wish, @AuthenticationPrincipal Caller caller) {
    var token = Secrets.random();
    tokens.put(wish.name(), wish.role(), wish.scope(), token);
    audit.record(caller.name(), "token-make", "token " + wish.name(), "DONE", wish.role().name());
    return new Made(wish.name(), token);
  }
}
