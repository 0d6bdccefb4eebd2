package dev.slipway.region.machine;

import dev.slipway.common.access.Caller;
import dev.slipway.common.machine.Credential;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.machine.RegistrationRequest;
import dev.slipway.common.openapi.Refuses;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.problem.Problem;
import io.micrometer.core.instrument.MeterRegistry;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Machines come to the region by tokens that an administrator asks for. */
@RestController
public class RegistrationController {
  private static final Logger log = LoggerFactory.getLogger(RegistrationController.class);
  private static final String SCHEME = "Bearer ";

  private final RegistrationTokens tokens;
  private final Registrations registrations;
  private final MeterRegistry meters;

  /**
   * @param meters get {@code slipway.region.registrations} by outcome
   */
  RegistrationController(
      RegistrationTokens tokens, Registrations registrations, MeterRegistry meters) {
    this.tokens = tokens;
    this.registrations = registrations;
    this.meters = meters;
  }

  /**
   * A token that is asked for.
   *
   * @param uses how many machines may register with it, 1 to 100; 1 where nothing is said
   * @param validSeconds 60 to 604,800; an hour where nothing is said
   * @param machine the only one that may, also in the place of one of its name; any new one where
   *     nothing is said
   */
  @Schema(
      example =
          """
          {"uses": 1, "validSeconds": 3600}\
          """)
  public record Wish(
      @Nullable Integer uses, @Nullable Integer validSeconds, @Nullable MachineId machine) {
    private static final int MOST_USES = 100;
    private static final int LEAST_SECONDS = 60;
    private static final int MOST_SECONDS = 604_800;
    private static final int HOUR = 3_600;

    public Wish {
      var most = uses == null ? 1 : uses;
      InvalidInput.unless(most >= 1 && most <= MOST_USES, "uses", "must be 1 to " + MOST_USES);
      InvalidInput.unless(
          machine == null || most == 1, "uses", "must be 1 of a token that names its machine");
      var seconds = validSeconds == null ? HOUR : validSeconds;
      InvalidInput.unless(
          seconds >= LEAST_SECONDS && seconds <= MOST_SECONDS,
          "validSeconds",
          "must be %d to %d".formatted(LEAST_SECONDS, MOST_SECONDS));
    }

    int most() {
      return uses == null ? 1 : uses;
    }

    Duration validity() {
      return Duration.ofSeconds(validSeconds == null ? HOUR : validSeconds);
    }
  }

  /** The token, shown this once. */
  public record Made(String token, Instant expires) {}

  /** Makes a token. */
  @Operation(
      operationId = "makeRegistration",
      summary = "Makes a token that machines register with")
  @PostMapping("/api/v1/registrations")
  @ResponseStatus(HttpStatus.CREATED)
  Made make(@RequestBody Wish wish, @AuthenticationPrincipal Caller caller) {
    var ticket = tokens.ticket(wish.validity(), wish.most(), wish.machine());
    log.info(
        "{} made a registration token: {} uses until {}",
        caller.name(),
        ticket.uses(),
        ticket.expires());
    return new Made(tokens.tokenOf(ticket), ticket.expires());
  }

  /** Gives a machine its credential, for a registration token or for the credential itself. */
  @Operation(
      operationId = "register",
      summary = "Gives a machine its credential for a registration token")
  @Refuses(status = 401, codes = "registration-refused")
  @Refuses(status = 409, codes = "machine-exists")
  @PostMapping("/api/v1/machines/{id}/registration")
  Credential register(
      @PathVariable MachineId id,
      @RequestHeader("Authorization") String authorization,
      @RequestBody RegistrationRequest request)
      throws IOException {
    var token = authorization.startsWith(SCHEME) ? authorization.substring(SCHEME.length()) : "";
    try {
      var credential = registrations.register(id, token, request.claim());
      count("given");
      log.info("Machine {} is registered", id);
      return credential;
    } catch (Problem refused) {
      count("refused");
      log.warn("Machine {} is not registered: {}", id, refused.code());
      throw refused;
    }
  }

  private void count(String outcome) {
    meters.counter("slipway.region.registrations", "outcome", outcome).increment();
  }
}
