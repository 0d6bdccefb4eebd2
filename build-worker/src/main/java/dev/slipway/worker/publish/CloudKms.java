package dev.slipway.worker.publish;

import com.google.auth.Credentials;
import com.google.auth.oauth2.GoogleCredentials;
import dev.slipway.common.artifact.Envelope;
import dev.slipway.common.artifact.Signer;
import dev.slipway.common.artifact.TrustedKeys;
import dev.slipway.common.problem.InvalidInput;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A key that stays in Google's Cloud KMS, which signs: whoever holds this machine can have things
 * signed for as long as it does, and takes no key away. A signature is checked before it is used.
 */
public final class CloudKms implements Signer {
  private static final URI GOOGLE = URI.create("https://cloudkms.googleapis.com");
  private static final List<String> SCOPES = List.of("https://www.googleapis.com/auth/cloudkms");
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final int TRIES = 4;
  private static final int FIRST_PAUSE_MILLIS = 100;

  /** What Cloud KMS signs at most. */
  private static final int MOST_BYTES = 64 << 10;

  private static final int LARGEST_ANSWER = 64 << 10;

  private final HttpClient http;
  private final URI call;
  private final Credentials credentials;
  private final String publicKey;
  private final MeterRegistry meters;

  /**
   * @param google the service's address
   * @param key a key's version, {@code projects/…/cryptoKeyVersions/1}
   * @param publicKey its public half, in PEM
   * @param meters get {@code slipway.kms.requests} by outcome
   */
  CloudKms(
      URI google, String key, String publicKey, Credentials credentials, MeterRegistry meters) {
    this.http =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    this.call = google.resolve("/v1/" + key + ":asymmetricSign");
    this.credentials = credentials;
    this.publicKey = publicKey;
    this.meters = meters;
  }

  /** The service itself, as the account that this process runs as. */
  public static CloudKms open(String key, String publicKey, MeterRegistry meters)
      throws IOException {
    var account = GoogleCredentials.getApplicationDefault().createScoped(SCOPES);
    return new CloudKms(GOOGLE, key, publicKey, account, meters);
  }

  /**
   * @throws InvalidInput when it is larger than Cloud KMS signs
   */
  @Override
  public Envelope sign(String type, Object payload) throws IOException {
    var json = JsonMapper.shared().writeValueAsBytes(payload);
    var data = Envelope.toSign(type, json);
    InvalidInput.unless(
        data.length <= MOST_BYTES, type, "must be at most " + MOST_BYTES + " bytes to be signed");
    var signed = Envelope.of(type, json, TrustedKeys.idOf(publicKey), signature(data));
    try {
      new TrustedKeys(List.of(publicKey)).verify("signature", signed, type, JsonNode.class);
    } catch (InvalidInput wrong) {
      throw new IOException("Cloud KMS signed with another key than the public key is of", wrong);
    }
    return signed;
  }

  private record Request(String data, String dataCrc32c) {}

  private byte[] signature(byte[] data) throws IOException {
    var body =
        JsonMapper.shared()
            .writeValueAsBytes(new Request(Base64.getEncoder().encodeToString(data), crc(data)));
    for (var tries = 1; ; tries++) {
      try {
        var answer = post(body);
        count(String.valueOf(answer.statusCode()));
        if (answer.statusCode() == 200) {
          return checked(answer.body());
        }
        if (tries == TRIES || !isPassing(answer.statusCode())) {
          throw new Refused("Cloud KMS answered " + answer.statusCode());
        }
      } catch (Refused | InterruptedIOException last) {
        throw last;
      } catch (IOException unreachable) {
        count("unreachable");
        if (tries == TRIES) {
          throw unreachable;
        }
      }
      pause(tries);
    }
  }

  /** Of no use to try again. */
  private static final class Refused extends IOException {
    private static final long serialVersionUID = 1;

    Refused(String reason) {
      super(reason);
    }
  }

  private HttpResponse<byte[]> post(byte[] body) throws IOException {
    var request =
        HttpRequest.newBuilder(call)
            .timeout(ANSWER)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    credentials
        .getRequestMetadata(call)
        .forEach((name, values) -> values.forEach(value -> request.header(name, value)));
    try {
      return http.send(
          request.build(),
          HttpResponse.BodyHandlers.limiting(
              HttpResponse.BodyHandlers.ofByteArray(), LARGEST_ANSWER));
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("stopped while Cloud KMS was asked");
    }
  }

  /** Both ways may change bits: the service says that it read what was sent. */
  private static byte[] checked(byte[] answer) throws IOException {
    try {
      var json = JsonMapper.shared().readTree(answer);
      var signature = Base64.getDecoder().decode(json.path("signature").asString(""));
      if (json.path("verifiedDataCrc32c").asBoolean(false)
          && json.path("signatureCrc32c").asString("").equals(crc(signature))) {
        return signature;
      }
      throw new IOException("what Cloud KMS read or answered was damaged on its way");
    } catch (JacksonException | IllegalArgumentException e) {
      throw new IOException("Cloud KMS answered something else than a signature", e);
    }
  }

  private static String crc(byte[] bytes) {
    var crc = new CRC32C();
    crc.update(bytes);
    return Long.toString(crc.getValue());
  }

  private static boolean isPassing(int status) {
    return status == 429 || status >= 500;
  }

  private void count(String outcome) {
    meters.counter("slipway.kms.requests", "outcome", outcome).increment();
  }

  private static void pause(int tries) throws InterruptedIOException {
    var longest = FIRST_PAUSE_MILLIS << tries;
    try {
      TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(longest / 2, longest));
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("stopped while waiting to try again");
    }
  }
}
