package dev.slipway.deploy.token;

import dev.slipway.common.access.Caller;
import dev.slipway.common.openapi.Refuses;
import dev.slipway.common.problem.InvalidInput;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Gives tokens to people, workers and regions, rotates them, and takes them back. */
@RestController
@RequestMapping("/api/v1/tokens")
public class TokenController {
  private static final int MOST = 200;

  private final IssuedTokens tokens;

  TokenController(IssuedTokens tokens) {
    this.tokens = tokens;
  }

  /**
   * Another secret to be.
   *
   * @param overlapSeconds how long the one before stays good: 0 to 604,800, an hour where nothing
   *     is said
   * @param validDays from now on, as for a new token
   */
  @Schema(
      example =
          """
          {"overlapSeconds": 3600}\
          """)
  public record Rotation(@Nullable Integer overlapSeconds, @Nullable Integer validDays) {
    private static final int MOST_OVERLAP = 604_800;
    private static final int HOUR = 3_600;

    public Rotation {
      InvalidInput.unless(
          overlapSeconds == null || (overlapSeconds >= 0 && overlapSeconds <= MOST_OVERLAP),
          "overlapSeconds",
          "must be 0 to " + MOST_OVERLAP);
      Validity.check(validDays);
    }

    Duration overlap() {
      return Duration.ofSeconds(overlapSeconds == null ? HOUR : overlapSeconds);
    }
  }

  /**
   * A page.
   *
   * @param next what to send as {@code after}; none on the last page
   */
  @Schema(name = "Tokens")
  public record Page(List<IssuedToken> tokens, @Nullable Long next) {}

  /**
   * A page of tokens, oldest first, also of those that are no longer valid.
   *
   * @param after the last id of the page before
   * @param limit 1 to 200
   */
  @Operation(
      operationId = "listTokens",
      summary = "Lists tokens without their secrets, page by page")
  @GetMapping
  Page list(
      @RequestParam(defaultValue = "0") long after,
      @RequestParam(defaultValue = "50") @Schema(minimum = "1", maximum = "200") int limit) {
    InvalidInput.unless(limit >= 1 && limit <= MOST, "limit", "must be 1 to " + MOST);
    var page = tokens.page(after, limit);
    return new Page(page, page.size() < limit ? null : page.getLast().id());
  }

  /** Makes a token. Whoever it is for is told the secret by who made it: it is not shown again. */
  @Operation(operationId = "makeToken", summary = "Makes a token, shown this once")
  @Refuses(status = 409, codes = "token-exists")
  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  IssuedTokens.Made make(@RequestBody TokenWish wish, @AuthenticationPrincipal Caller caller) {
    return tokens.make(wish, caller.name());
  }

  /** Gives a token another secret, and a new term; the secret before stays good for a while. */
  @Operation(operationId = "rotateToken", summary = "Gives a token another secret, shown this once")
  @Refuses(status = 404, codes = "not-found")
  @Refuses(status = 409, codes = "token-not-valid")
  @PostMapping("/{id}/rotate")
  IssuedTokens.Made rotate(
      @PathVariable long id,
      @RequestBody(required = false) @Nullable Rotation wish,
      @AuthenticationPrincipal Caller caller) {
    var rotation = wish == null ? new Rotation(null, null) : wish;
    return tokens.rotate(id, rotation.overlap(), rotation.validDays(), caller.name());
  }

  /** Ends a token: its next call is refused, in every service. */
  @Operation(operationId = "revokeToken", summary = "Ends a token with all its secrets")
  @Refuses(status = 404, codes = "not-found")
  @Refuses(status = 409, codes = "token-not-valid")
  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void revoke(@PathVariable long id, @AuthenticationPrincipal Caller caller) {
    tokens.revoke(id, caller.name());
  }
}
