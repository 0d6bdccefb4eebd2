package dev.slipway.common.swarm;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** A peer's own key pair (Ed25519), made when its process starts; the private half stays in it. */
public final class PeerKey {
  private static final int LINE = 64;

  private final KeyPair pair;

  private PeerKey(KeyPair pair) {
    this.pair = pair;
  }

  /** A new one. */
  public static PeerKey generate() {
    try {
      return new PeerKey(KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The public half, as a SubjectPublicKeyInfo (DER): what a certificate is asked for with. */
  public byte[] publicKey() {
    return pair.getPublic().getEncoded();
  }

  /** This key with a certificate that was issued for it. */
  public Credential with(String root, String certificate) {
    return new Credential(root, certificate, pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
  }

  static String pem(String what, byte[] der) {
    var base64 = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, base64, what);
  }
}
