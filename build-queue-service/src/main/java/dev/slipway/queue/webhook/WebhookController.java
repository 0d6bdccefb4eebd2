package dev.slipway.queue.webhook;

import dev.slipway.common.openapi.Refuses;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.problem.Problem;
import dev.slipway.queue.QueueProperties;
import dev.slipway.queue.webhook.Answer.Accepted;
import dev.slipway.queue.webhook.Answer.Ignored;
import io.micrometer.core.instrument.MeterRegistry;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.TransactionException;
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
  private final Deadline deadline;
  private final MeterRegistry meters;

  WebhookController(Webhooks webhooks, QueueProperties properties, MeterRegistry meters) {
    this.webhooks = webhooks;
    this.deadline = new Deadline(properties.webhookTimeout(), PARALLEL);
    this.meters = meters;
  }

  /** 202 with the job, 200 with why it is ignored, or a refusal; a 503 is to be delivered again. */
  @Operation(
      operationId = "deliver",
      summary = "Takes a forge's push; its signature is the credential")
  @Refuses(
      status = 400,
      codes = {"invalid-input", "malformed"})
  @Refuses(status = 401, codes = "bad-signature")
  @Refuses(
      status = 404,
      codes = {"unknown-app", "unknown-forge"})
  @Refuses(status = 413, codes = "too-large")
  @Refuses(
      status = 503,
      codes = {"busy", "database-gone"})
  @PostMapping("/webhooks/{forge}")
  ResponseEntity<Answer> deliver(
      @PathVariable String forge, @RequestHeader HttpHeaders headers, HttpServletRequest request)
      throws IOException, InterruptedException {
    try {
      var sender = Forge.named(forge);
      var body = Bodies.read(request);
      var answer = deadline.run(() -> webhooks.receive(sender, headers, body));
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
    } catch (DataAccessException | TransactionException refused) {
      count("database-gone");
      throw refused;
    }
  }

  private void count(String reason) {
    meters.counter("slipway.webhook.refused", "reason", reason).increment();
  }
}
