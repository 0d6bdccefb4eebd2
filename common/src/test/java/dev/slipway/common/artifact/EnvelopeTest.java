package dev.slipway.common.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

@NullMarked
class EnvelopeTest {
  @Test
  void what_is_signed_is_encoded_as_the_specification_of_dsse_has_it() {
    var signed =
        Envelope.toSign(
            "http://example.com/HelloWorld", "hello world".getBytes(StandardCharsets.UTF_8));
    assertThat(new String(signed, StandardCharsets.UTF_8))
        .isEqualTo("DSSEv1 29 http://example.com/HelloWorld 11 hello world");
  }

  @Test
  void lengths_are_of_bytes_and_a_payload_may_be_anything() {
    var payload = new byte[] {0, (byte) 0xff, '\n'};
    assertThat(Envelope.toSign("é", payload))
        .isEqualTo(concatenated("DSSEv1 2 é 3 ".getBytes(StandardCharsets.UTF_8), payload));
    assertThat(new String(Envelope.toSign("", new byte[0]), StandardCharsets.UTF_8))
        .isEqualTo("DSSEv1 0  0 ");
  }

  /** Signed by OpenSSL. */
  @Test
  void an_envelope_that_openssl_has_signed_is_believed() {
    var publicKey =
        """
        -----BEGIN PUBLIC KEY-----
        MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
        -----END PUBLIC KEY-----
        """;
    var envelope =
        new Envelope(
            "http://example.com/HelloWorld",
            Base64.getEncoder().encodeToString("\"hello world\"".getBytes(StandardCharsets.UTF_8)),
            List.of(
                new Envelope.Signature(
                    TrustedKeys.idOf(publicKey),
                    "QWMREYfT6ZIAYS3lM7+NI6BFMS90DlRK6BWCFSZh6GNV9XjEu6KqRbL5+GTMkULY"
                        + "CP2+1a1Js4kY7cJpQUvIDA==")));
    var read =
        JsonMapper.shared()
            .readValue(JsonMapper.shared().writeValueAsBytes(envelope), Envelope.class);
    assertThat(
            new TrustedKeys(List.of(publicKey))
                .verify("text", read, "http://example.com/HelloWorld", String.class))
        .isEqualTo("hello world");
  }

  private static byte[] concatenated(byte[] head, byte[] tail) {
    var all = new byte[head.length + tail.length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(tail, 0, all, head.length, tail.length);
    return all;
  }
}
