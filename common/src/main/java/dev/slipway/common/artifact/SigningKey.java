package dev.slipway.common.artifact;

import dev.slipway.common.problem.InvalidInput;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import tools.jackson.databind.json.JsonMapper;

/** An Ed25519 key that signs manifests and targets. */
public final class SigningKey implements Signer {
  private final String keyId;
  private final PrivateKey key;

  private SigningKey(String keyId, PrivateKey key) {
    this.keyId = keyId;
    this.key = key;
  }

  /** A new key pair in PEM: PKCS #8 and SubjectPublicKeyInfo. */
  public record PemPair(String privateKey, String publicKey) {}

  /** Makes a new key pair. */
  public static PemPair generate() {
    try {
      var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      return new PemPair(
          Pem.write("PRIVATE KEY", pair.getPrivate().getEncoded()),
          Pem.write("PUBLIC KEY", pair.getPublic().getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Reads a key.
   *
   * @param keyId names the key to those who trust it: {@link TrustedKeys#idOf} of its public half
   * @param privateKey PKCS #8 in PEM
   * @throws InvalidInput when it is not an Ed25519 key
   */
  public static SigningKey of(String keyId, String privateKey) {
    try {
      var key =
          KeyFactory.getInstance("Ed25519")
              .generatePrivate(new PKCS8EncodedKeySpec(Pem.read("PRIVATE KEY", privateKey)));
      InvalidInput.unless(key instanceof EdECPrivateKey, "signing key", "must be Ed25519");
      return new SigningKey(keyId, key);
    } catch (GeneralSecurityException e) {
      throw new InvalidInput("signing key", "must be an Ed25519 private key, PKCS #8 in PEM");
    }
  }

  /** Signs a manifest. */
  public Envelope sign(Manifest manifest) {
    return sign(Manifest.TYPE, manifest);
  }

  @Override
  public Envelope sign(String type, Object payload) {
    try {
      var json = JsonMapper.shared().writeValueAsBytes(payload);
      var signer = Signature.getInstance("Ed25519");
      signer.initSign(key);
      signer.update(Envelope.toSign(type, json));
      return Envelope.of(type, json, keyId, signer.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** PEM, as of RFC 7468. */
  static final class Pem {
    private Pem() {}

    static String write(String label, byte[] der) {
      return "-----BEGIN %s-----%n%s%n-----END %s-----%n"
          .formatted(label, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der), label)
          .replace("\r\n", "\n");
    }

    static byte[] read(String label, String pem) {
      var begin = "-----BEGIN " + label + "-----";
      var from = pem.indexOf(begin);
      var to = pem.indexOf("-----END " + label + "-----");
      InvalidInput.unless(
          from >= 0 && to > from, label.toLowerCase(java.util.Locale.ROOT), "must be in PEM");
      try {
        return Base64.getMimeDecoder().decode(pem.substring(from + begin.length(), to));
      } catch (IllegalArgumentException e) {
        throw new InvalidInput(label.toLowerCase(java.util.Locale.ROOT), "must be in PEM");
      }
    }
  }
}
