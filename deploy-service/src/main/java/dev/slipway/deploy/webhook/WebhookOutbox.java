package dev.slipway.deploy.webhook;

import dev.slipway.common.trace.TraceParent;
import dev.slipway.deploy.webhook.DeliveryStore.Due;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends events to receivers, at least once each. A receiver gets them one by one; several receivers
 * at a time are served, so one that is slow holds up the others by one time-out at most.
 */
final class WebhookOutbox {
  private static final Logger log = LoggerFactory.getLogger(WebhookOutbox.class);

  /** Longer than a call can take. */
  private static final Duration HOLD = Duration.ofMinutes(1);

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
  private static final int AT_ONCE = 16;

  /** A receiver may be in the middle of a change. */
  private static final int REFUSALS = 5;

  private final EventStore events;
  private final DeliveryStore deliveries;
  private final Payload payload;
  private final Sender sender;
  private final WebhookProperties properties;
  private final MeterRegistry meters;

  /**
   * @param meters get {@code slipway.webhook.deliveries} by outcome, and {@code
   *     slipway.webhooks.disabled}
   */
  WebhookOutbox(
      EventStore events,
      DeliveryStore deliveries,
      Sender sender,
      WebhookProperties properties,
      MeterRegistry meters) {
    this.events = events;
    this.deliveries = deliveries;
    this.payload = new Payload(properties.consoleUrl());
    this.sender = sender;
    this.properties = properties;
    this.meters = meters;
  }

  /**
   * Notes what has happened and sends one event to each of some receivers.
   *
   * @return whether there was one to send
   */
  boolean runOnce() throws InterruptedException {
    events.note();
    var sends = new ArrayList<Callable<Boolean>>();
    while (sends.size() < AT_ONCE) {
      var due = deliveries.claim(HOLD, properties.giveUpAfter());
      if (due.isEmpty()) {
        break;
      }
      sends.add(() -> {
        try (var _ = TraceParent.inLogs(due.get().trace())) {
          return send(due.get());
        }
      });
    }
    if (sends.isEmpty()) {
      deliveries.forget();
      return false;
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var sent : threads.invokeAll(sends)) {
        try {
          sent.get();
        } catch (ExecutionException e) {
          // it is held, and tried again when that is over
          log.warn("What came of a delivery could not be noted", e.getCause());
        }
      }
    }
    return true;
  }

  private boolean send(Due due) {
    var reply =
        sender.send(due.url(), due.secret(), due.eventId(), payload.of(due.kind(), due.event()));
    if (reply.isTaken()) {
      deliveries.delivered(due, reply);
      count("delivered");
    } else if (due.overdue() || (reply.isRefused() && due.tries() >= REFUSALS)) {
      deliveries.giveUp(due, reply);
      count("given-up");
      log.warn("Webhook {} does not take {}: {}", due.webhook(), due.eventId(), reply.problem());
    } else {
      deliveries.postpone(due, reply, pause(due.tries()));
      count(reply.isRefused() ? "refused" : "later");
    }
    if (!reply.isTaken() && deliveries.disable(due.webhook(), properties.disableAfter())) {
      count("disabled");
      log.warn("Webhook {} is disabled: {}", due.webhook(), reply.problem());
    }
    return reply.isTaken();
  }

  /** Doubles with each try, up to the longest, less up to a fifth. */
  private static Duration pause(int tries) {
    var millis =
        Math.min(FIRST_PAUSE.toMillis() << Math.min(tries - 1, 20), LONGEST_PAUSE.toMillis());
    return Duration.ofMillis(millis - ThreadLocalRandom.current().nextLong(millis / 5));
  }

  private void count(String outcome) {
    meters.counter("slipway.webhook.deliveries", "outcome", outcome).increment();
  }
}
