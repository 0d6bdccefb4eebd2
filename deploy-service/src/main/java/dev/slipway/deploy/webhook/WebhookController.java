package dev.slipway.deploy.webhook;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.slipway.common.access.Caller;
import dev.slipway.common.app.AppName;
import dev.slipway.common.audit.AuditStore;
import dev.slipway.common.openapi.Refuses;
import dev.slipway.common.page.Page;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.problem.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Who is told of builds and deployments, and what was sent to them. */
@RestController
@RequestMapping("/api/v1/webhooks")
public class WebhookController {
  private static final int MOST = 200;

  private final WebhookStore webhooks;
  private final DeliveryStore deliveries;
  private final Destinations destinations;
  private final AuditStore audit;
  private final TransactionOperations transaction;

  WebhookController(
      WebhookStore webhooks,
      DeliveryStore deliveries,
      Destinations destinations,
      AuditStore audit,
      TransactionOperations transaction) {
    this.webhooks = webhooks;
    this.deliveries = deliveries;
    this.destinations = destinations;
    this.audit = audit;
    this.transaction = transaction;
  }

  /**
   * A receiver to be.
   *
   * @param url where it is; public, or allowed by {@code slipway.webhooks.allowed-hosts}
   * @param kind JSON unless it says otherwise
   * @param app of whose events it is told; none: of all apps
   * @param events at least one; none given: all of them
   */
  @Schema(
      name = "WebhookWish",
      example =
          """
          {"url": "http://127.0.0.1:9/hook", "kind": "JSON", "app": "hello", "events": ["build.failed", "deployment.succeeded"]}\
          """)
  public record Wish(
      String url, @Nullable Kind kind, @Nullable AppName app, @Nullable List<EventType> events) {
    public Wish {
      InvalidInput.unless(events == null || !events.isEmpty(), "events", "must name at least one");
      InvalidInput.unless(url != null, "url", "must be an address");
    }

    List<EventType> eventsOrAll() {
      return events == null ? EventType.all() : events.stream().distinct().toList();
    }
  }

  /**
   * A receiver that was added.
   *
   * @param secret what is sent is signed with it; shown this once
   */
  @Schema(name = "MadeWebhook")
  public record Made(@JsonUnwrapped Webhook webhook, String secret) {}

  /**
   * A page.
   *
   * @param next what to send as {@code after}; none on the last page
   */
  record Webhooks(List<Webhook> webhooks, @Nullable Long next) {}

  /**
   * A page, newest first.
   *
   * @param next what to send as {@code after}; none on the last page
   */
  record Deliveries(List<Delivery> deliveries, @Nullable Long next) {}

  @Operation(operationId = "makeWebhook", summary = "Has a receiver told of builds and deployments")
  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  Made make(@RequestBody Wish wish, @AuthenticationPrincipal Caller caller) {
    // outside of the transaction: a name may take its time
    var url = destinations.check(wish.url());
    return transaction.execute(t -> add(url, wish, caller));
  }

  private Made add(URI url, Wish wish, Caller caller) {
    var secret = Signature.newSecret();
    var kind = wish.kind() == null ? Kind.JSON : wish.kind();
    var made =
        webhooks
            .add(url, kind, wish.app(), wish.eventsOrAll(), secret, caller.name())
            .orElseThrow(() ->
                new InvalidInput(
                    "webhook",
                    "must name an app there is, and be one of at most " + WebhookStore.MOST));
    // the path may be the receiver's secret, as Slack's is
    audit.record(
        caller.name(), "webhook-make", "webhook " + made.id(), "DONE", kind + " " + url.getHost());
    return new Made(made, secret);
  }

  @Operation(operationId = "listWebhooks", summary = "Lists the receivers, page by page")
  @GetMapping
  Webhooks list(
      @RequestParam(defaultValue = "0") long after,
      @RequestParam(defaultValue = "50") @Schema(minimum = "1", maximum = "200") int limit) {
    Page.requireLimit(limit, MOST);
    var page = webhooks.list(after, limit);
    return new Webhooks(page, page.size() < limit ? null : page.getLast().id());
  }

  @Operation(operationId = "getWebhook", summary = "Shows a receiver and how it does")
  @Refuses(status = 404, codes = "not-found")
  @GetMapping("/{id}")
  Webhook one(@PathVariable long id) {
    return webhooks.find(id).orElseThrow(() -> none(id));
  }

  @Operation(operationId = "listDeliveries", summary = "Lists what was sent to a receiver of late")
  @Refuses(status = 404, codes = "not-found")
  @GetMapping("/{id}/deliveries")
  Deliveries deliveries(
      @PathVariable long id,
      @RequestParam(defaultValue = "" + Long.MAX_VALUE) long after,
      @RequestParam(defaultValue = "50") @Schema(minimum = "1", maximum = "200") int limit) {
    Page.requireLimit(limit, MOST);
    var page = deliveries.list(one(id).id(), after, limit);
    return new Deliveries(page, page.size() < limit ? null : page.getLast().id());
  }

  @Operation(operationId = "enableWebhook", summary = "Sends to a receiver again that was disabled")
  @Refuses(status = 404, codes = "not-found")
  @PostMapping("/{id}/enable")
  Webhook enable(@PathVariable long id, @AuthenticationPrincipal Caller caller) {
    return transaction.execute(t -> {
      if (!webhooks.enable(id)) {
        throw none(id);
      }
      audit.record(caller.name(), "webhook-enable", "webhook " + id, "DONE", null);
      return one(id);
    });
  }

  @Operation(operationId = "deleteWebhook", summary = "Tells a receiver no more and forgets it")
  @Refuses(status = 404, codes = "not-found")
  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void remove(@PathVariable long id, @AuthenticationPrincipal Caller caller) {
    transaction.executeWithoutResult(t -> {
      if (!webhooks.remove(id)) {
        throw none(id);
      }
      audit.record(caller.name(), "webhook-delete", "webhook " + id, "DONE", null);
    });
  }

  private static Problem none(long id) {
    return Problem.notFound("webhook " + id);
  }
}
