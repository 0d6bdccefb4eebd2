package dev.slipway.deploy;

import static dev.slipway.deploy.World.APP;
import static dev.slipway.deploy.World.EU;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.artifact.Envelope;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.artifact.SigningKey;
import dev.slipway.common.artifact.TrustedKeys;
import dev.slipway.common.clock.TestClock;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.target.Ahead;
import dev.slipway.common.target.Release;
import dev.slipway.common.target.Target;
import dev.slipway.common.target.TargetStatement;
import dev.slipway.common.target.Targets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class TargetSignerTest {
  private final SigningKey.PemPair pair = SigningKey.generate();
  private final TestClock clock = new TestClock();
  private final Release release = new Release(7, new Sha256("a".repeat(64)), 10, "manifests/7");
  private final Target target = new Target(APP, 12, release, 40, release, new Ahead(13, release));
  private final Targets found = new Targets(13, List.of(target));

  private Envelope sign() {
    var key = SigningKey.of(TrustedKeys.idOf(pair.publicKey()), pair.privateKey());
    var signed = new TargetSigner(key, Duration.ofDays(7), clock).sign(EU, found);
    assertThat(signed.revision()).isEqualTo(13);
    var only = signed.targets().getFirst();
    var statement = Objects.requireNonNull(only.signed());
    assertThat(only).isEqualTo(target.signed(statement));
    return statement;
  }

  private TargetStatement verify(Envelope statement) {
    return new TrustedKeys(List.of(pair.publicKey()))
        .verify("target", statement, TargetStatement.TYPE, TargetStatement.class);
  }

  @Test
  void a_region_gets_what_was_found_with_a_statement_of_it() {
    assertThat(verify(sign()))
        .isEqualTo(
            new TargetStatement(
                EU,
                new Target(APP, 12, release, 40, release, null),
                Instant.parse("2026-01-08T00:00:00Z")));
  }

  @Test
  void who_asks_again_gets_a_later_expiry() {
    sign();
    clock.pass(Duration.ofDays(3));
    assertThat(verify(sign()).expires()).isEqualTo(Instant.parse("2026-01-11T00:00:00Z"));
  }

  @Test
  void a_statement_passes_for_nothing_else() {
    var statement = sign();
    var manifest = new Envelope("other", statement.payload(), statement.signatures());
    assertThatThrownBy(() -> verify(manifest))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("must be of type");
    assertThatThrownBy(() ->
            new TrustedKeys(List.of(pair.publicKey()))
                .verify("target", manifest, "other", TargetStatement.class))
        .hasMessageContaining("signed by a trusted key");
  }

  @Test
  void without_a_key_targets_go_as_they_are() {
    assertThat(new TargetSigner(null, Duration.ofDays(7), clock).sign(EU, found)).isEqualTo(found);
  }

  @Test
  void half_a_pair_and_a_validity_out_of_bounds_are_refused() {
    var file = Path.of("key.pem");
    assertThatThrownBy(() ->
            new DeployProperties(
                Duration.ofSeconds(2),
                null,
                "",
                file,
                null,
                Duration.ofDays(7),
                Duration.ofHours(12)))
        .hasMessageContaining("slipway.deploy.target-public-key-file");
    assertThatThrownBy(() ->
            new DeployProperties(
                Duration.ofSeconds(2),
                null,
                "",
                file,
                file,
                Duration.ofMinutes(5),
                Duration.ofHours(12)))
        .hasMessageContaining("slipway.deploy.target-validity must be 1h to 365d");
  }
}
