package dev.slipway.common.swarm;

import dev.slipway.common.access.Secrets;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.problem.Problem;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * Mints and checks the announce addresses of a circle. Standard BitTorrent clients send no headers
 * to trackers, so the address itself is the credential: for one member and one artifact, and for a
 * time.
 */
public final class AnnounceKeys {
  private static final Duration DAY = Duration.ofHours(24);
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._~-]{1,90}");
  private static final Pattern ZONE = Pattern.compile("[A-Za-z0-9._-]{0,64}");
  private static final int LONGEST_KEY = 500;
  private static final int FIELDS = 4;

  private final String secret;
  private final Duration valid;
  private final Clock clock;

  /** Addresses that are good for a day. */
  public AnnounceKeys(String secret, Clock clock) {
    this(secret, DAY, clock);
  }

  /**
   * @param secret known to the circle's trackers alone, at least 32 characters
   * @param valid how long an address is good
   */
  public AnnounceKeys(String secret, Duration valid, Clock clock) {
    InvalidInput.unless(secret.length() >= 32, "announce secret", "must be at least 32 characters");
    this.secret = secret;
    this.valid = valid;
    this.clock = clock;
  }

  /**
   * The announce address of a member: {@code <base>/announce/<key>}.
   *
   * @param member 1 to 90 letters, digits, dots, hyphens, underscores and tildes
   * @param zone up to 64 letters, digits, dots, hyphens and underscores
   */
  public URI address(URI base, Sha256 artifact, String member, String zone) {
    InvalidInput.unless(NAME.matcher(member).matches(), "member", "must match " + NAME);
    InvalidInput.unless(ZONE.matcher(zone).matches(), "zone", "must match " + ZONE);
    var expiry = clock.instant().plus(valid).getEpochSecond();
    var text = String.join(":", Long.toString(expiry), artifact.value(), member, zone);
    var key =
        Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(StandardCharsets.US_ASCII))
            + "."
            + sign(text);
    return URI.create(base.toString().replaceAll("/+$", "") + "/announce/" + key);
  }

  /**
   * What a key admits to.
   *
   * @throws Problem 403 {@code announce-refused} when it is forged, broken or too old
   */
  public Ticket check(String key) {
    var dot = key.indexOf('.');
    if (dot < 0 || key.length() > LONGEST_KEY) {
      throw refused();
    }
    var text = decode(key.substring(0, dot));
    if (!Secrets.same(sign(text), key.substring(dot + 1))) {
      throw refused();
    }
    var fields = text.split(":", FIELDS);
    if (!clock.instant().isBefore(Instant.ofEpochSecond(Long.parseLong(fields[0])))) {
      throw refused();
    }
    return new Ticket(new Sha256(fields[1]), fields[2], fields[3]);
  }

  private String sign(String text) {
    return Secrets.hmac(secret, "announce:" + text);
  }

  private static String decode(String base64) {
    try {
      return new String(Base64.getUrlDecoder().decode(base64), StandardCharsets.ISO_8859_1);
    } catch (IllegalArgumentException notBase64) {
      throw refused();
    }
  }

  private static Problem refused() {
    return new Problem(403, "announce-refused", "this announce address is not valid, or no longer");
  }
}
