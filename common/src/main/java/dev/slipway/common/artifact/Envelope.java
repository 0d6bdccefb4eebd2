package dev.slipway.common.artifact;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * Something signed, in a DSSE envelope (github.com/secure-systems-lab/dsse, protocol v1): the
 * payload's bytes as they were signed.
 *
 * @param payloadType says what it is; signed with it, so that nothing passes for something else
 * @param payload JSON, in base64
 */
public record Envelope(String payloadType, String payload, List<Signature> signatures) {
  /** One key's signature, in base64. */
  public record Signature(String keyid, String sig) {}

  /** A payload with its signature. */
  public static Envelope of(String type, byte[] payload, String keyId, byte[] signature) {
    var base64 = Base64.getEncoder();
    return new Envelope(
        type,
        base64.encodeToString(payload),
        List.of(new Signature(keyId, base64.encodeToString(signature))));
  }

  /** DSSE's pre-authentication encoding: the bytes that are signed. */
  public static byte[] toSign(String type, byte[] payload) {
    var head =
        "DSSEv1 %d %s %d "
            .formatted(type.getBytes(StandardCharsets.UTF_8).length, type, payload.length)
            .getBytes(StandardCharsets.UTF_8);
    var all = new byte[head.length + payload.length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(payload, 0, all, head.length, payload.length);
    return all;
  }
}
