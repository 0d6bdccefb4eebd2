package dev.slipway.queue.status;

import dev.slipway.common.trace.TraceParent;
import dev.slipway.queue.app.RepositoryStore;
import dev.slipway.queue.status.Reply.Later;
import dev.slipway.queue.status.Reply.Refused;
import dev.slipway.queue.status.Reply.Told;
import dev.slipway.queue.status.StatusStore.Due;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells one forge how the builds of its repositories go, one status at a time, so that no older one
 * overtakes a newer. Only the latest state is told: what changed meanwhile is left out.
 */
public final class StatusOutbox {
  private static final Logger log = LoggerFactory.getLogger(StatusOutbox.class);

  /** Longer than a call can take. */
  private static final Duration HOLD = Duration.ofMinutes(2);

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(30);

  /** A commit or a token may not have reached all of the forge yet. */
  private static final int REFUSALS = 5;

  private final String forge;
  private final RepositoryStore repositories;
  private final StatusStore statuses;
  private final ForgeClient client;
  private final MeterRegistry meters;
  private long seen = -1;

  /**
   * @param forge its host, as in repository addresses
   */
  public StatusOutbox(
      String forge,
      RepositoryStore repositories,
      StatusStore statuses,
      ForgeClient client,
      MeterRegistry meters) {
    this.forge = forge;
    this.repositories = repositories;
    this.statuses = statuses;
    this.client = client;
    this.meters = meters;
    // shown from the start, or an alert would not see the first
    counter("given-up");
  }

  /**
   * Notes new builds and tells one status.
   *
   * @return whether there was one to tell
   */
  public boolean runOnce() {
    if (seen < 0) {
      seen = Math.max(0, statuses.start());
    }
    var apps = repositories.pathsOf(forge);
    seen = Math.max(seen, statuses.note(forge, apps.keySet(), seen));
    var due = statuses.claim(forge, HOLD);
    due.ifPresent(found -> {
      var path = apps.get(found.status().app());
      settle(
          found,
          path == null
              ? new Refused(found.status().repository() + " is not of " + forge)
              : client.tell(found.status(), path));
    });
    if (due.isEmpty()) {
      statuses.forget();
    }
    return due.isPresent();
  }

  private void settle(Due due, Reply reply) {
    switch (reply) {
      case Told told -> {
        statuses.settle(due, "");
        count("told");
      }
      case Refused refused -> {
        if (due.tries() >= REFUSALS) {
          giveUp(due, refused.problem());
        } else {
          statuses.postpone(due, pause(due.tries()), refused.problem());
          count("refused");
        }
      }
      case Later later -> {
        if (due.overdue()) {
          giveUp(due, later.problem());
        } else {
          statuses.postpone(due, pause(due.tries()), later.problem());
          count("later");
        }
        var after = later.after();
        if (after != null) {
          statuses.hush(forge, after);
        }
      }
    }
  }

  private void giveUp(Due due, String problem) {
    statuses.settle(due, "given up: " + problem);
    count("given-up");
    try (var _ = TraceParent.inLogs(due.trace())) {
      log.warn("The status of build {} is not told: {}", due.status().job(), problem);
    }
  }

  /** Doubles with each try, up to the longest, less up to a fifth. */
  private static Duration pause(int tries) {
    var millis =
        Math.min(FIRST_PAUSE.toMillis() << Math.min(tries - 1, 20), LONGEST_PAUSE.toMillis());
    return Duration.ofMillis(millis - ThreadLocalRandom.current().nextLong(millis / 5));
  }

  private void count(String outcome) {
    counter(outcome).increment();
  }

  private Counter counter(String outcome) {
    return meters.counter("slipway.commit.statuses", "forge", forge, "outcome", outcome);
  }
}
