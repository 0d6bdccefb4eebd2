package dev.slipway.queue.webhook;

import dev.slipway.common.access.Secrets;
import dev.slipway.common.app.App;
import dev.slipway.common.app.AppName;
import dev.slipway.common.app.AppRepository;
import dev.slipway.common.job.CommitSha;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.problem.Problem;
import dev.slipway.queue.app.RepositoryStore;
import dev.slipway.queue.push.Candidate;
import dev.slipway.queue.push.Delivery;
import dev.slipway.queue.push.Enqueuer;
import dev.slipway.queue.push.FoundBy;
import java.util.List;
import org.springframework.http.HttpHeaders;

/** Decides what a delivery is worth: refused, ignored, or a job. Nothing is kept of the refused. */
public final class Webhooks {
  private static final String HEADS = "refs/heads/";

  private final RepositoryStore repositories;
  private final AppRepository apps;
  private final Enqueuer enqueuer;

  public Webhooks(RepositoryStore repositories, AppRepository apps, Enqueuer enqueuer) {
    this.repositories = repositories;
    this.apps = apps;
    this.enqueuer = enqueuer;
  }

  /**
   * Takes one delivery.
   *
   * @param body as it came
   * @throws Problem 400, 401, 404
   */
  Answer receive(Forge forge, HttpHeaders headers, byte[] body) {
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
    var push = forge.push(payload);
    var commit = push.after();
    if (!push.ref().startsWith(HEADS)) {
      return new Answer.Ignored(push.ref() + " is not a branch");
    }
    if (!push.ref().equals(HEADS + app.branch())) {
      return new Answer.Ignored(push.ref() + " is not built, " + app.branch() + " is");
    }
    if (commit == null) {
      return new Answer.Ignored(app.branch() + " was deleted");
    }
    return accept(app, push, commit, new Delivery(forge.name(), deliveryId(forge, headers, body)));
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

  private Answer accept(App app, Push push, CommitSha commit, Delivery delivery) {
    var job =
        enqueuer.enqueue(
            new Candidate(
                new AppName(app.name()),
                commit,
                push.before(),
                push.ref(),
                push.committedAt(),
                FoundBy.WEBHOOK,
                delivery));
    return new Answer.Accepted(job.job(), job.seq(), job.duplicate());
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
