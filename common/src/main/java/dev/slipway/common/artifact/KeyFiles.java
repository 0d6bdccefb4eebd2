package dev.slipway.common.artifact;

import dev.slipway.common.problem.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A key pair in two files, which may be replaced while it is used: the next signature is made with
 * the new pair, once both of its halves are there.
 */
public final class KeyFiles implements Signer {
  private static final Logger log = LoggerFactory.getLogger(KeyFiles.class);

  private final Path privateFile;
  private final Path publicFile;
  private Pair pair;

  private record Pair(String privateKey, String publicKey, SigningKey key) {}

  /**
   * Reads the pair.
   *
   * @param privateFile PKCS #8 in PEM
   * @param publicFile SubjectPublicKeyInfo in PEM
   * @throws InvalidInput when they are not the two halves of an Ed25519 key
   */
  public KeyFiles(Path privateFile, Path publicFile) throws IOException {
    this.privateFile = privateFile;
    this.publicFile = publicFile;
    this.pair = pair(Files.readString(privateFile), Files.readString(publicFile));
  }

  @Override
  public Envelope sign(String type, Object payload) {
    return current().sign(type, payload);
  }

  /** The newest whole pair; the one before while the files are being replaced, or are gone. */
  private synchronized SigningKey current() {
    try {
      var privateKey = Files.readString(privateFile);
      var publicKey = Files.readString(publicFile);
      if (!privateKey.equals(pair.privateKey()) || !publicKey.equals(pair.publicKey())) {
        pair = pair(privateKey, publicKey);
        log.info("Signing with key {} from now on", TrustedKeys.idOf(publicKey));
      }
    } catch (IOException | InvalidInput notNow) {
      log.warn("The signing key's files cannot be used now; the key before is", notNow);
    }
    return pair.key();
  }

  private static Pair pair(String privateKey, String publicKey) {
    var key = SigningKey.of(TrustedKeys.idOf(publicKey), privateKey);
    try {
      var probe = key.sign("probe", "probe");
      new TrustedKeys(List.of(publicKey)).verify("probe", probe, "probe", String.class);
      return new Pair(privateKey, publicKey, key);
    } catch (InvalidInput another) {
      throw new InvalidInput("signing key", "must be the other half of the public key");
    }
  }
}
