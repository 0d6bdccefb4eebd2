package dev.slipway.common.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.problem.Problem;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class AnnounceKeysTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final Sha256 ARTIFACT = new Sha256("a".repeat(64));
  private static final URI BASE = URI.create("http://agent:8090/");

  private final SettableClock clock = new SettableClock();
  private final AnnounceKeys keys = new AnnounceKeys(SECRET, clock);

  @Test
  void a_key_admits_its_member_to_its_artifact() {
    var address = keys.address(BASE, ARTIFACT, "m-1", "zone-a");
    assertThat(address.toString()).startsWith("http://agent:8090/announce/");
    assertThat(keys.check(keyOf(address))).isEqualTo(new Ticket(ARTIFACT, "m-1", "zone-a"));
  }

  @Test
  void a_zone_may_be_empty() {
    assertThat(keys.check(keyOf(keys.address(BASE, ARTIFACT, "m", ""))).zone()).isEmpty();
  }

  @Test
  void a_key_is_refused_after_a_day() {
    var key = keyOf(keys.address(BASE, ARTIFACT, "m", "z"));
    clock.advance(Duration.ofHours(24).minusSeconds(1));
    assertThat(keys.check(key).member()).isEqualTo("m");
    clock.advance(Duration.ofSeconds(1));
    assertRefused(key);
  }

  @Test
  void a_key_of_another_secret_is_refused() {
    var others = new AnnounceKeys("another secret of thirty-two chars", clock);
    assertRefused(keyOf(others.address(BASE, ARTIFACT, "m", "z")));
  }

  @Test
  void a_key_serves_no_other_artifact_and_no_other_member() {
    var key = keyOf(keys.address(BASE, ARTIFACT, "m", "z"));
    assertRefused(changed(key, "a".repeat(64), "b".repeat(64)));
    assertRefused(changed(key, ":m:", ":n:"));
  }

  @Test
  void anything_else_is_refused() {
    for (var key : new String[] {"", ".", "x", "!.x", "=.=", "a".repeat(600), "YQ.YQ"}) {
      assertRefused(key);
    }
  }

  @Test
  void names_that_could_be_mistaken_are_refused() {
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> keys.address(BASE, ARTIFACT, "a:b", "z"));
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> keys.address(BASE, ARTIFACT, "m", "a:b"));
  }

  private void assertRefused(String key) {
    assertThatExceptionOfType(Problem.class)
        .isThrownBy(() -> keys.check(key))
        .satisfies(problem -> {
          assertThat(problem.status()).isEqualTo(403);
          assertThat(problem.code()).isEqualTo("announce-refused");
        });
  }

  private static String keyOf(URI address) {
    return address.getPath().substring(address.getPath().lastIndexOf('/') + 1);
  }

  private static String changed(String key, String from, String to) {
    var dot = key.indexOf('.');
    var text =
        new String(Base64.getUrlDecoder().decode(key.substring(0, dot)), StandardCharsets.US_ASCII);
    assertThat(text).contains(from);
    return Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(text.replace(from, to).getBytes(StandardCharsets.US_ASCII))
        + key.substring(dot);
  }
}
