package dev.slipway.worker.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import dev.slipway.common.artifact.SigningKey;
import dev.slipway.common.artifact.TrustedKeys;
import dev.slipway.common.problem.InvalidInput;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The real client against a small KMS of ours that keeps to the REST reference. */
@NullMarked
class CloudKmsTest {
  private final MeterRegistry meters = new SimpleMeterRegistry();
  private FakeKms kms;

  @BeforeEach
  void start() throws IOException {
    kms = new FakeKms();
  }

  @AfterEach
  void stop() {
    kms.close();
  }

  @Test
  void what_it_signs_is_believed_by_whoever_trusts_its_public_key() throws IOException {
    var signed = signer(kms.pair.publicKey()).sign("text", "hello");
    assertThat(
            new TrustedKeys(List.of(kms.pair.publicKey()))
                .verify("text", signed, "text", String.class))
        .isEqualTo("hello");
  }

  @Test
  void it_is_asked_again_when_it_is_busy() throws IOException {
    kms.failures.addAll(List.of(503, 429));
    signer(kms.pair.publicKey()).sign("text", "hello");
    assertThat(kms.calls).hasValue(3);
    assertThat(meters.counter("slipway.kms.requests", "outcome", "200").count()).isOne();
  }

  @Test
  void it_is_not_asked_for_ever() {
    kms.failures.addAll(List.of(500, 500, 500, 500, 500));
    assertThatThrownBy(() -> signer(kms.pair.publicKey()).sign("text", "hello"))
        .isInstanceOf(IOException.class)
        .hasMessage("Cloud KMS answered 500");
    assertThat(kms.calls).hasValue(4);
  }

  @Test
  void a_refusal_is_not_asked_again() {
    kms.failures.add(403);
    assertThatThrownBy(() -> signer(kms.pair.publicKey()).sign("text", "hello"))
        .isInstanceOf(IOException.class)
        .hasMessage("Cloud KMS answered 403");
    assertThat(kms.calls).hasValue(1);
  }

  @Test
  void a_signature_of_another_key_is_not_used() {
    var other = SigningKey.generate();
    assertThatThrownBy(() -> signer(other.publicKey()).sign("text", "hello"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("another key");
  }

  @Test
  void a_damaged_answer_is_not_used() {
    kms.damaged = true;
    assertThatThrownBy(() -> signer(kms.pair.publicKey()).sign("text", "hello"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("damaged");
  }

  @Test
  void what_is_larger_than_it_signs_is_not_sent() {
    assertThatThrownBy(() -> signer(kms.pair.publicKey()).sign("text", "x".repeat(70_000)))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("text must be at most 65536 bytes to be signed");
    assertThat(kms.calls).hasValue(0);
  }

  private CloudKms signer(String publicKey) {
    var token = new AccessToken(FakeKms.TOKEN, Date.from(Instant.parse("2100-01-01T00:00:00Z")));
    return new CloudKms(
        kms.address(), FakeKms.KEY, publicKey, GoogleCredentials.create(token), meters);
  }
}
