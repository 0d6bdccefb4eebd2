package dev.slipway.queue.webhook;

import dev.slipway.common.access.Secrets;
import dev.slipway.common.app.App;
import dev.slipway.common.app.AppName;
import dev.slipway.common.app.AppRepository;
import dev.slipway.common.job.CommitSha;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.problem.Problem;
import dev.slipway.common.trace.TraceParent;
import dev.slipway.queue.app.RepositoryStore;
import dev.slipway.queue.push.Arrival;
import dev.slipway.queue.push.Candidate;
import dev.slipway.queue.push.Delivery;
import dev.slipway.queue.push.Enqueued;
import dev.slipway.queue.push.Enqueuer;
import dev.slipway.queue.push.FoundBy;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** Decides what a delivery is worth: refused, ignored, or a job. Nothing is kept of the refused. */
public final class Webhooks {
  private static final String HEADS = "refs/heads/";

  private final RepositoryStore repositories;
  private final AppRepository apps;
  private final Enqueuer enqueuer;
  private final Clock clock;

  public Webhooks(
      RepositoryStore repositories, AppRepository apps, Enqueuer enqueuer, Clock clock) {
    this.repositories = repositories;
    this.apps = apps;
    this.enqueuer = enqueuer;
    this.clock = clock;
  }

  /**
   * Takes one delivery.
   *
   * @param body as it came
   * @throws Problem 400, 401, 404
   */
  Answer receive(Forge forge, HttpHeaders headers, byte[] body) {
    var arrival = new Arrival(clock.instant(), callerOf(headers));
    var payload = Payload.parse(body);
    var app = appOf(forge.addresses(payload));
    if (!forge.isGenuine(headers, body, app.webhookSecret())) {
      throw new Problem(
          401,
          "bad-signature",
          "the signature or token is missing, or not made with the app's secret");
    }
    var event = headers.getFirst(forge.eventHeader());
    InvalidInput.unless(event != null, forge.eventHeader(), "is missing");
    if (!forge.pushEvent().equals(event)) {
      return new Answer.Ignored("the event is not a push to a branch");
    }
    var delivery = new Delivery(forge.name(), deliveryId(forge, headers, body));
    return accept(app, forge.pushes(payload), delivery, arrival);
  }

  /** The span that a delivery is sent in; more than one header says nothing. */
  private static @Nullable TraceParent callerOf(HttpHeaders headers) {
    var said = headers.getOrEmpty(TraceParent.HEADER);
    return said.size() == 1 ? TraceParent.parse(said.getFirst()).orElse(null) : null;
  }

  private App appOf(List<String> addresses) {
    return repositories
        .appOf(addresses)
        .map(AppName::value)
        .map(apps::findByName)
        .orElseThrow(() ->
            new Problem(
                404,
                "unknown-app",
                "no app builds %s: register it with PUT /api/v1/apps/{name} {\"repository\": …}"
                    .formatted(addresses.getFirst())));
  }

  private Answer accept(App app, List<Push> pushes, Delivery delivery, Arrival arrival) {
    @Nullable Enqueued last = null;
    for (var push : pushes) {
      var commit = push.after();
      if (commit != null && push.ref().equals(HEADS + app.branch())) {
        last = enqueuer.enqueue(candidate(app, push, commit, delivery), arrival);
      }
    }
    return last == null
        ? new Answer.Ignored(whyIgnored(app, pushes))
        : new Answer.Accepted(last.job(), last.seq(), last.duplicate());
  }

  private static String whyIgnored(App app, List<Push> pushes) {
    if (pushes.isEmpty()) {
      return "nothing was pushed";
    }
    if (pushes.stream().anyMatch(push -> push.ref().equals(HEADS + app.branch()))) {
      return app.branch() + " was deleted";
    }
    var ref = pushes.getFirst().ref();
    return ref.startsWith(HEADS)
        ? ref + " is not built, " + app.branch() + " is"
        : ref + " is not a branch";
  }

  private static Candidate candidate(App app, Push push, CommitSha commit, Delivery delivery) {
    return new Candidate(
        new AppName(app.name()),
        commit,
        push.before(),
        push.ref(),
        push.committedAt(),
        FoundBy.WEBHOOK,
        delivery);
  }

  /** Forges of old send no id; then the same bytes are the same delivery. */
  private static String deliveryId(Forge forge, HttpHeaders headers, byte[] body) {
    var id = headers.getFirst(forge.deliveryHeader());
    if (id == null || id.isEmpty()) {
      return "body-" + Secrets.hmac("delivery", body);
    }
    InvalidInput.unless(
        id.length() <= 200, forge.deliveryHeader(), "must be at most 200 characters");
    return id;
  }
}
