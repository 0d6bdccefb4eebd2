package dev.slipway.common.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.problem.InvalidInput;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class CircleAuthorityTest {
  private static final String SECRET = "a secret of the swarm, which is long enough";
  private static final Sha256 ARTIFACT = new Sha256("ab".repeat(32));

  private final SettableClock clock = new SettableClock(Instant.parse("2026-05-01T12:00:00Z"));
  private final CircleAuthority authority = new CircleAuthority(SECRET, clock);
  private final PeerKey key = PeerKey.generate();

  @Test
  void all_who_hold_the_secret_have_the_same_root_and_others_have_another() {
    clock.advance(Duration.ofDays(400));
    assertThat(new CircleAuthority(SECRET, clock).root()).isEqualTo(authority.root());
    assertThat(new CircleAuthority(SECRET + "!", clock).root()).isNotEqualTo(authority.root());
  }

  @Test
  void a_certificate_is_for_one_artifact_and_one_key_and_an_hour() throws Exception {
    var certificate = read(authority.admit(ARTIFACT, key.publicKey()));
    assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=" + ARTIFACT);
    assertThat(certificate.getSubjectAlternativeNames())
        .containsExactly(List.of(2, ARTIFACT.value()));
    assertThat(certificate.getPublicKey().getEncoded()).isEqualTo(key.publicKey());
    assertThat(certificate.getNotAfter().toInstant()).isEqualTo("2026-05-01T13:00:00Z");
    assertThat(certificate.getBasicConstraints()).as("issues nothing").isEqualTo(-1);
  }

  @Test
  void it_holds_before_the_root_until_its_end() throws Exception {
    var pem = authority.admit(ARTIFACT, key.publicKey());
    validate(pem, authority.root());
    clock.advance(CircleAuthority.VALID.plusSeconds(1));
    assertThatExceptionOfType(CertPathValidatorException.class)
        .isThrownBy(() -> validate(pem, authority.root()));
    validate(authority.admit(ARTIFACT, key.publicKey()), authority.root());
  }

  @Test
  void it_does_not_hold_before_another_root() {
    var foreign = new CircleAuthority("another secret, of about the same length", clock);
    assertThatExceptionOfType(CertPathValidatorException.class)
        .isThrownBy(() -> validate(foreign.admit(ARTIFACT, key.publicKey()), authority.root()));
  }

  @Test
  void what_is_no_key_is_refused() throws Exception {
    var rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPublic().getEncoded();
    var ec = KeyPairGenerator.getInstance("EC").generateKeyPair().getPublic().getEncoded();
    for (var bad : List.of(rsa, ec, new byte[0], new byte[1 << 20], new byte[] {48, 3, 2, 1, 1})) {
      assertThatExceptionOfType(InvalidInput.class)
          .isThrownBy(() -> authority.admit(ARTIFACT, bad))
          .withMessageContaining("publicKey");
    }
  }

  private void validate(String pem, String root) throws GeneralSecurityException {
    var parameters = new PKIXParameters(Set.of(new TrustAnchor(read(root), null)));
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(clock.instant()));
    var path = CertificateFactory.getInstance("X.509").generateCertPath(List.of(read(pem)));
    CertPathValidator.getInstance("PKIX").validate(path, parameters);
  }

  private static X509Certificate read(String pem) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
  }
}
