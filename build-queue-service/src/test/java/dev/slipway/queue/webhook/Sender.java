package dev.slipway.queue.webhook;

import dev.slipway.common.access.Secrets;
import dev.slipway.queue.TestQueue;
import dev.slipway.queue.TestQueue.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;

/**
 * A forge as a sender of webhooks; its payloads are in the resources, as its own docs have them.
 */
enum Sender {
  GITHUB("https://github.com/acme/", "X-GitHub-Event", "push", "X-GitHub-Delivery"),
  GITLAB("git@gitlab.example.com:acme/", "X-Gitlab-Event", "Push Hook", "X-Gitlab-Event-UUID"),
  GITEA("https://GITEA.example.com:3000/acme/", "X-Gitea-Event", "push", "X-Gitea-Delivery"),
  BITBUCKET("git@bitbucket.org:acme/", "X-Event-Key", "repo:push", "X-Request-UUID");

  private final String registered;
  private final String eventHeader;
  private final String event;
  private final String deliveryHeader;

  Sender(String registered, String eventHeader, String event, String deliveryHeader) {
    this.registered = registered;
    this.eventHeader = eventHeader;
    this.event = event;
    this.deliveryHeader = deliveryHeader;
  }

  /** What an app's address begins with, up to its name. */
  String registered() {
    return registered;
  }

  String eventHeader() {
    return eventHeader;
  }

  String event() {
    return event;
  }

  String forge() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** An ordinary push. */
  String push(String app, String before, String after) {
    return payload("push", app, before, after);
  }

  /** One of its payloads, with its placeholders filled. */
  String payload(String name, String app, String before, String after) {
    return resource(forge() + "/" + name + ".json")
        .replace("NAME", app)
        .replace("BEFORE", before)
        .replace("AFTER", after);
  }

  private static String resource(String name) {
    try (var in = Objects.requireNonNull(Sender.class.getResourceAsStream("/" + name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Answer deliver(TestQueue queue, String secret, String body) {
    return deliver(queue, event, secret, UUID.randomUUID().toString(), body);
  }

  Answer deliver(TestQueue queue, String event, String secret, String id, String body) {
    var request =
        queue
            .request("/webhooks/" + forge())
            .header("Content-Type", "application/json")
            .header(eventHeader, event)
            .header(deliveryHeader, id)
            .POST(BodyPublishers.ofString(body));
    sign(request, secret, body);
    return queue.send(request);
  }

  void sign(HttpRequest.Builder request, String secret, String body) {
    switch (this) {
      case GITHUB -> request.header("X-Hub-Signature-256", "sha256=" + Secrets.hmac(secret, body));
      case GITLAB -> request.header("X-Gitlab-Token", secret);
      case GITEA -> request.header("X-Gitea-Signature", Secrets.hmac(secret, body));
      case BITBUCKET -> request.header("X-Hub-Signature", "sha256=" + Secrets.hmac(secret, body));
    }
  }
}
