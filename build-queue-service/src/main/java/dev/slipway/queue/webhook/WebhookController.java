package dev.slipway.queue.webhook;

import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.problem.Problem;
import dev.slipway.queue.webhook.Answer.Accepted;
import dev.slipway.queue.webhook.Answer.Ignored;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Where forges deliver. The signature is the credential. */
@RestController
public final class WebhookController {
  /** Parsed at once: a body's tree is many times its size, and anybody may send bodies. */
  private static final int PARALLEL = 8;

  private final Webhooks webhooks;
  private final MeterRegistry meters;
  private final Semaphore places = new Semaphore(PARALLEL);

  WebhookController(Webhooks webhooks, MeterRegistry meters) {
    this.webhooks = webhooks;
    this.meters = meters;
  }

  /** 202 with the job, 200 with why it is ignored, or a refusal. */
  @PostMapping("/webhooks/{forge}")
  ResponseEntity<Answer> deliver(
      @PathVariable String forge, @RequestHeader HttpHeaders headers, HttpServletRequest request)
      throws IOException, InterruptedException {
    try {
      var sender = Forge.named(forge);
      var answer = receive(sender, headers, Bodies.read(request));
      return switch (answer) {
        case Accepted accepted -> ResponseEntity.accepted().body(accepted);
        case Ignored ignored -> ResponseEntity.ok(ignored);
      };
    } catch (Problem refused) {
      count(refused.code());
      throw refused;
    } catch (InvalidInput refused) {
      count("invalid-input");
      throw refused;
    }
  }

  private Answer receive(Forge forge, HttpHeaders headers, byte[] body)
      throws InterruptedException {
    if (!places.tryAcquire(2, TimeUnit.SECONDS)) {
      throw new Problem(503, "busy", "too many deliveries at once: deliver it again");
    }
    try {
      return webhooks.receive(forge, headers, body);
    } finally {
      places.release();
    }
  }

  private void count(String reason) {
    meters.counter("slipway.webhook.refused", "reason", reason).increment();
  }
}
