package dev.slipway.region.machine;

import dev.slipway.common.access.Secrets;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Mints and checks the tokens that machines register with; they carry their own bounds. */
public final class RegistrationTokens {
  private static final int LONGEST = 500;

  private final String secret;
  private final Clock clock;

  /**
   * What a token allows.
   *
   * @param nonce names the token
   * @param expires end of its time
   * @param uses how many machines may register with it
   * @param machine the only one that may, also in the place of one of its name; none: any new one
   */
  record Ticket(String nonce, Instant expires, int uses, @Nullable MachineId machine) {}

  /**
   * @param secret known to the region's agents alone, at least 32 characters
   */
  public RegistrationTokens(String secret, Clock clock) {
    InvalidInput.unless(
        secret.length() >= 32, "registration secret", "must be at least 32 characters");
    this.secret = secret;
    this.clock = clock;
  }

  Ticket ticket(Duration validity, int uses, @Nullable MachineId machine) {
    return new Ticket(Secrets.random(), clock.instant().plus(validity), uses, machine);
  }

  String tokenOf(Ticket ticket) {
    var json = JsonMapper.shared().writeValueAsString(ticket).getBytes(StandardCharsets.UTF_8);
    var text = Base64.getUrlEncoder().withoutPadding().encodeToString(json);
    return text + "." + sign(text);
  }

  /**
   * What a token allows now.
   *
   * @throws Problem 401 {@code registration-refused} when it is forged, broken or too old
   */
  Ticket check(String token) {
    var dot = token.indexOf('.');
    if (dot < 0
        || token.length() > LONGEST
        || !Secrets.same(sign(token.substring(0, dot)), token.substring(dot + 1))) {
      throw refused("is not one of this region's");
    }
    try {
      var json = Base64.getUrlDecoder().decode(token.substring(0, dot));
      var ticket = JsonMapper.shared().readValue(json, Ticket.class);
      if (!clock.instant().isBefore(ticket.expires())) {
        throw refused("was good until " + ticket.expires());
      }
      return ticket;
    } catch (JacksonException | IllegalArgumentException e) {
      throw refused("is not one of this region's");
    }
  }

  private String sign(String text) {
    return Secrets.hmac(secret, "registration:" + text);
  }

  static Problem refused(String why) {
    return new Problem(401, "registration-refused", "this registration token " + why);
  }
}
