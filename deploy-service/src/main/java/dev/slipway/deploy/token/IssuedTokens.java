package dev.slipway.deploy.token;

import dev.slipway.common.access.Secrets;
import dev.slipway.common.audit.AuditStore;
import dev.slipway.common.problem.Problem;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;

/** Gives out tokens, rotates them and takes them back; what is done and its audit are one. */
public final class IssuedTokens {
  private final IssuedTokenStore tokens;
  private final AuditStore audit;
  private final TransactionTemplate transaction;

  public IssuedTokens(IssuedTokenStore tokens, AuditStore audit, TransactionTemplate transaction) {
    this.tokens = tokens;
    this.audit = audit;
    this.transaction = transaction;
  }

  /**
   * A token with its secret, which is shown this once.
   *
   * @param previousUntil how long the secret before is still good; none when there is none
   */
  @Schema(name = "MadeToken")
  public record Made(
      long id,
      String name,
      String token,
      @Nullable Instant expiresAt,
      @Nullable Instant previousUntil) {
    static Made of(IssuedToken issued, String secret) {
      return new Made(
          issued.id(), issued.name(), secret, issued.expiresAt(), issued.previousUntil());
    }
  }

  /** Those with an id above {@code after}, oldest first, also those that are no longer valid. */
  public List<IssuedToken> page(long after, int limit) {
    return tokens.page(after, limit);
  }

  /**
   * Makes a token. Whoever it is for is told the secret by who made it: it is not shown again.
   *
   * @throws Problem {@code token-exists} when a valid one has that name
   */
  public Made make(TokenWish wish, String by) {
    var secret = Secrets.random();
    return transaction.execute(t -> {
      var id =
          tokens
              .add(wish, secret, by)
              .orElseThrow(() ->
                  Problem.conflict(
                      "token-exists",
                      "there is a valid token of that name; rotate it, or revoke it first"));
      audit.record(by, "token-make", "token " + wish.name(), "DONE", inWords(wish));
      return Made.of(found(id), secret);
    });
  }

  /**
   * Gives a token another secret, and a new term; the secret before stays good for a while.
   *
   * @param validDays from now on; none: what is usual for the role
   * @throws Problem {@code not-found}, or {@code token-not-valid}
   */
  public Made rotate(long id, Duration overlap, @Nullable Integer validDays, String by) {
    var secret = Secrets.random();
    return transaction.execute(t -> {
      var token = found(id);
      var days = Validity.days(validDays, token.role());
      if (!tokens.rotate(id, secret, overlap, days)) {
        throw Problem.conflict(
            "token-not-valid", "token %d is %s: make another".formatted(id, token.state()));
      }
      var rotated = found(id);
      audit.record(
          by,
          "token-rotate",
          "token " + token.name(),
          "DONE",
          rotated.previousUntil() == null
              ? "the secret before is not good any more"
              : "the secret before is good until " + rotated.previousUntil());
      return Made.of(rotated, secret);
    });
  }

  /**
   * Ends a token: its next call is refused, in every service.
   *
   * @throws Problem {@code not-found}, or {@code token-not-valid}
   */
  public void revoke(long id, String by) {
    transaction.executeWithoutResult(t -> {
      var token = found(id);
      if (!tokens.revoke(id)) {
        throw Problem.conflict("token-not-valid", "token " + id + " is revoked already");
      }
      audit.record(by, "token-revoke", "token " + token.name(), "REVOKED", null);
    });
  }

  private IssuedToken found(long id) {
    return tokens.find(id).orElseThrow(() -> Problem.notFound("token " + id));
  }

  private static String inWords(TokenWish wish) {
    var bound = wish.scope() != null ? " of " + wish.scope() : "";
    var apps = wish.apps() != null ? " for " + wish.apps() : "";
    return wish.role() + bound + apps + ", " + wish.days() + " days";
  }
}
