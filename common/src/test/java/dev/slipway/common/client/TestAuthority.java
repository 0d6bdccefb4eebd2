package dev.slipway.common.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.NullMarked;

/** Makes certificates for tests, as PEM files. */
@NullMarked
public final class TestAuthority {
  private final KeyPair keys = pair();
  private final X500Principal name;
  private final X509Certificate root;

  public TestAuthority(String name) {
    this.name = new X500Principal("CN=" + name);
    this.root = certificate(this.name, keys.getPublic(), true);
  }

  /** Writes {@code root.pem}, which others are to trust. */
  public void writeRoot(Path file) throws IOException {
    write(file, "CERTIFICATE", encoded(root));
  }

  /** Writes {@code name.pem} and {@code name.key} for somebody on this host. */
  public void issue(Path folder, String who) throws IOException {
    var own = pair();
    write(folder.resolve(who + ".key"), "PRIVATE KEY", own.getPrivate().getEncoded());
    write(
        folder.resolve(who + ".pem"),
        "CERTIFICATE",
        encoded(certificate(new X500Principal("CN=" + who), own.getPublic(), false)));
  }

  private X509Certificate certificate(X500Principal subject, PublicKey key, boolean authority) {
    var from = Instant.now().minus(Duration.ofHours(1));
    try {
      var builder =
          new JcaX509v3CertificateBuilder(
              name,
              new BigInteger(100, new SecureRandom()),
              Date.from(from),
              Date.from(from.plus(Duration.ofDays(2))),
              subject,
              key);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(
              new GeneralName[] {
                new GeneralName(GeneralName.dNSName, "localhost"),
                new GeneralName(GeneralName.iPAddress, "127.0.0.1")
              }));
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair pair() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void write(Path file, String type, byte[] bytes) throws IOException {
    var body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    Files.writeString(
        file, "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(type, body));
  }
}
