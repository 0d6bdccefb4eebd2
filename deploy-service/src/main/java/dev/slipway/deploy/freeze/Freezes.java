package dev.slipway.deploy.freeze;

import dev.slipway.common.app.AppName;
import dev.slipway.common.audit.AuditStore;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.problem.Problem;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;

/** Sets freezes and lifts them; what is done and its audit are one. */
public final class Freezes {
  /** The longest page of them. */
  static final int MOST = 200;

  private static final int LONGEST_REASON = 500;
  private static final Duration LONGEST = Duration.ofDays(60);

  private final FreezeStore freezes;
  private final AuditStore audit;
  private final TransactionTemplate transaction;

  public Freezes(FreezeStore freezes, AuditStore audit, TransactionTemplate transaction) {
    this.freezes = freezes;
    this.audit = audit;
    this.transaction = transaction;
  }

  /**
   * A freeze to be.
   *
   * @param app none: all apps
   * @param until after {@code from}, by at most 60 days
   */
  @Schema(
      name = "FreezeWish",
      example =
          """
          {"app": "hello", "from": "2126-12-23T18:00:00Z", "until": "2126-12-27T08:00:00Z", "reason": "holidays"}\
          """)
  public record Wish(@Nullable AppName app, Instant from, Instant until, String reason) {
    public Wish {
      InvalidInput.unless(from != null, "from", "must say when the freeze begins");
      InvalidInput.unless(until != null, "until", "must say when the freeze ends");
      InvalidInput.unless(
          from.isBefore(until) && Duration.between(from, until).compareTo(LONGEST) <= 0,
          "until",
          "must be after from, by at most " + LONGEST.toDays() + " days");
      InvalidInput.unless(
          reason != null && !reason.isBlank() && reason.length() <= LONGEST_REASON,
          "reason",
          "must be 1 to " + LONGEST_REASON + " characters");
    }
  }

  /** Those that are on or to come, the next to end first; at most {@link #MOST}. */
  public List<Freeze> notOver() {
    return notOver(0, MOST);
  }

  /**
   * A page of them.
   *
   * @param after the id of the page's last before; 0 for the first page
   */
  List<Freeze> notOver(long after, int limit) {
    return freezes.notOver(after, limit);
  }

  /** Adds a freeze. */
  public Freeze add(Wish wish, String by) {
    return transaction.execute(t -> {
      var made =
          freezes
              .add(wish.app(), wish.from(), wish.until(), wish.reason(), by)
              .orElseThrow(() ->
                  new InvalidInput("freeze", "must end in the future and name an app there is"));
      audit.record(by, "freeze", subject(made.app()), "SET", made.inWords());
      return made;
    });
  }

  /** Ends a freeze now. */
  public void lift(long id, String by) {
    transaction.executeWithoutResult(t -> {
      if (!freezes.lift(id)) {
        throw Problem.notFound("freeze " + id + " that is not over");
      }
      audit.record(by, "freeze", "freeze " + id, "LIFTED", null);
    });
  }

  private static String subject(@Nullable AppName app) {
    return app == null ? "all apps" : "app " + app;
  }
}
