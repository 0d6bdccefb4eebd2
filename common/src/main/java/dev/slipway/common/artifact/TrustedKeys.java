package dev.slipway.common.artifact;

import dev.slipway.common.problem.InvalidInput;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The public keys whose manifests, or targets, are believed. */
public final class TrustedKeys {
  private final Map<String, PublicKey> keys = new HashMap<>();

  /**
   * @param publicKeys each an Ed25519 SubjectPublicKeyInfo in PEM
   */
  public TrustedKeys(List<String> publicKeys) {
    InvalidInput.unless(!publicKeys.isEmpty(), "trusted keys", "must be at least one");
    for (var pem : publicKeys) {
      try {
        var der = SigningKey.Pem.read("PUBLIC KEY", pem);
        keys.put(
            idOf(pem),
            KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der)));
      } catch (GeneralSecurityException e) {
        throw new InvalidInput("trusted key", "must be an Ed25519 public key in PEM");
      }
    }
  }

  /** The id of a public key: the first 16 hex digits of its SHA-256. */
  public static String idOf(String publicKey) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of()
          .formatHex(digest.digest(SigningKey.Pem.read("PUBLIC KEY", publicKey)), 0, 8);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The manifest in an envelope that one of these keys has signed.
   *
   * @param envelope JSON, at most {@link Manifest#MAX_SIGNED_BYTES}
   * @throws InvalidInput when nobody trusted has signed it, or when it is no manifest
   */
  public Manifest verify(byte[] envelope) {
    return verify("manifest", envelope, Manifest.MAX_SIGNED_BYTES, Manifest.TYPE, Manifest.class);
  }

  /**
   * As {@link #verify(String, Envelope, String, Class)}, of an envelope in JSON.
   *
   * @param most bytes
   */
  public <T> T verify(String what, byte[] envelope, int most, String type, Class<T> payloadClass) {
    InvalidInput.unless(envelope.length <= most, what, "must be at most " + most + " bytes");
    try {
      var signed = JsonMapper.shared().readValue(envelope, Envelope.class);
      return verify(what, signed, type, payloadClass);
    } catch (JacksonException | NullPointerException e) {
      throw new InvalidInput(what, "must be a DSSE envelope with a " + what + " in it");
    }
  }

  /**
   * What is in an envelope that one of these keys has signed.
   *
   * @param what it is, to people
   * @param type that the envelope must be of
   * @throws InvalidInput when nobody trusted has signed it, or when it is something else
   */
  public <T> T verify(String what, Envelope signed, String type, Class<T> payloadClass) {
    try {
      var payload = Base64.getDecoder().decode(signed.payload());
      InvalidInput.unless(type.equals(signed.payloadType()), what, "must be of type " + type);
      InvalidInput.unless(
          signed.signatures().stream().anyMatch(s -> verifies(type, payload, s)),
          what,
          "must be signed by a trusted key; trusted are " + keys.keySet());
      return JsonMapper.shared().readValue(payload, payloadClass);
    } catch (InvalidInput refused) {
      throw refused;
    } catch (JacksonException | IllegalArgumentException | NullPointerException e) {
      throw new InvalidInput(what, "must be a DSSE envelope with a " + what + " in it");
    }
  }

  private boolean verifies(String type, byte[] payload, Envelope.Signature signature) {
    var key = keys.get(signature.keyid());
    if (key == null) {
      return false;
    }
    try {
      var verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(key);
      verifier.update(Envelope.toSign(type, payload));
      return verifier.verify(Base64.getDecoder().decode(signature.sig()));
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
