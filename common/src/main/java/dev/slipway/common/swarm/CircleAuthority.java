package dev.slipway.common.swarm;

import dev.slipway.common.access.Secrets;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.problem.InvalidInput;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Issues the certificates by which the peers of a swarm know each other. All who hold the secret
 * are the same authority, to the last bit of its root certificate, without talking: key and
 * certificate follow from the secret, and Ed25519 signs the same the same.
 */
public final class CircleAuthority {
  /** How long a certificate is good; who goes on sharing gets new ones before that. */
  public static final Duration VALID = Duration.ofHours(1);

  /** Clocks that are behind by less still find a new certificate good. */
  private static final Duration SKEW = Duration.ofMinutes(10);

  private static final AlgorithmIdentifier ED25519 =
      new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519);
  private static final X500Name NAME = new X500Name("CN=Slipway swarm");
  private static final Date EPOCH = Date.from(Instant.parse("2020-01-01T00:00:00Z"));
  private static final Date FAR = Date.from(Instant.parse("2049-12-31T00:00:00Z"));
  private static final int LONGEST_KEY = 200;
  private static final String WANTED =
      "must be an Ed25519 SubjectPublicKeyInfo of at most " + LONGEST_KEY + " bytes of DER";
  private static final int SERIAL_BITS = 127;

  private final SecureRandom random = new SecureRandom();
  private final ContentSigner signer;
  private final String root;
  private final Clock clock;

  /**
   * @param secret at least 32 characters, the same wherever certificates of one swarm are issued
   */
  public CircleAuthority(String secret, Clock clock) {
    InvalidInput.unless(secret.length() >= 32, "swarm secret", "must be at least 32 characters");
    var seed = HexFormat.of().parseHex(Secrets.hmac(secret, "swarm authority"));
    // the JDK makes no public key of a private one
    var publicKey = new Ed25519PrivateKeyParameters(seed).generatePublicKey();
    this.clock = clock;
    try {
      this.signer = new JcaContentSignerBuilder("Ed25519").build(privateKey(seed));
      this.root =
          issue(
              new X509v3CertificateBuilder(
                      NAME,
                      BigInteger.ONE,
                      EPOCH,
                      FAR,
                      NAME,
                      SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(publicKey))
                  .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                  .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign)));
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static PrivateKey privateKey(byte[] seed) throws GeneralSecurityException {
    return KeyFactory.getInstance("Ed25519")
        .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
  }

  /** The certificate that all peers trust, PEM. */
  public String root() {
    return root;
  }

  /**
   * A certificate for the swarm of one artifact, PEM, good for {@link #VALID}.
   *
   * @param publicKey an Ed25519 SubjectPublicKeyInfo (DER)
   */
  public String admit(Sha256 artifact, byte[] publicKey) {
    var now = clock.instant();
    try {
      return issue(
          new X509v3CertificateBuilder(
                  NAME,
                  new BigInteger(SERIAL_BITS, random).add(BigInteger.TWO),
                  Date.from(now.minus(SKEW)),
                  Date.from(now.plus(VALID)),
                  // the engine wants the torrent's name here
                  new X500Name("CN=" + artifact),
                  key(publicKey))
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
              .addExtension(
                  Extension.subjectAlternativeName,
                  false,
                  new GeneralNames(new GeneralName(GeneralName.dNSName, artifact.value()))));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SubjectPublicKeyInfo key(byte[] publicKey) {
    try {
      InvalidInput.unless(publicKey.length <= LONGEST_KEY, "publicKey", WANTED);
      var key = SubjectPublicKeyInfo.getInstance(publicKey);
      InvalidInput.unless(key.getAlgorithm().equals(ED25519), "publicKey", WANTED);
      return key;
    } catch (InvalidInput refused) {
      throw refused;
    } catch (IllegalArgumentException | IllegalStateException notDer) {
      throw new InvalidInput("publicKey", WANTED);
    }
  }

  private String issue(X509v3CertificateBuilder certificate) throws IOException {
    X509CertificateHolder issued = certificate.build(signer);
    return PeerKey.pem("CERTIFICATE", issued.getEncoded());
  }
}
