package dev.slipway.machine.artifact;

import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.Manifest;
import dev.slipway.common.artifact.TrustedKeys;
import dev.slipway.common.machine.Assignment;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.provenance.Provenance;
import dev.slipway.machine.ProvenancePolicy;
import dev.slipway.machine.region.RegionHttp;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Judges releases by who says how they were built, and from what. */
public final class Provenances {
  private static final String WHAT = "provenance";
  private static final Logger log = LoggerFactory.getLogger(Provenances.class);

  private final RegionHttp http;
  private final TrustedKeys keys;
  private final ProvenancePolicy policy;
  private final Map<AppName, String> repositories;
  private final MeterRegistry meters;

  /**
   * @param keys whose provenances are believed
   * @param repositories of the apps that are told one of their own
   * @param meters get {@code slipway.machine.provenances} by outcome: accepted, tolerated or
   *     refused
   */
  public Provenances(
      RegionHttp http,
      TrustedKeys keys,
      ProvenancePolicy policy,
      Map<AppName, String> repositories,
      MeterRegistry meters) {
    this.http = http;
    this.keys = keys;
    this.policy = policy;
    this.repositories = Map.copyOf(repositories);
    this.meters = meters;
  }

  /** Fetches what the region has on a release. */
  public Sworn fetch(Assignment assignment, Manifests.Signed signed)
      throws IOException, InterruptedException {
    var address = assignment.provenance();
    var text =
        address == null
            ? Optional.<byte[]>empty()
            : http.find(WHAT, address, Provenance.MAX_SIGNED_BYTES);
    return new Sworn(
        signed.digest(), text.map(t -> new String(t, StandardCharsets.UTF_8)).orElse(null));
  }

  /**
   * Whether a release may be run.
   *
   * @param sworn none of a release that came before this was asked
   * @throws Refused when it may not, in mode {@code enforce}
   */
  public void judge(Manifest manifest, @Nullable Sworn sworn) throws Refused {
    var objection = objection(manifest, sworn);
    if (objection.isEmpty()) {
      count("accepted");
      return;
    }
    switch (policy.mode()) {
      case AUDIT -> {
        count("tolerated");
        log.warn(
            "Build {} of {} would be refused: {}", manifest.job(), manifest.app(), objection.get());
      }
      case ENFORCE -> {
        count("refused");
        throw new Refused(objection.get());
      }
    }
  }

  private Optional<String> objection(Manifest manifest, @Nullable Sworn sworn) {
    var text = sworn == null ? null : sworn.provenance();
    if (sworn == null || text == null) {
      return Optional.of("it has no provenance");
    }
    try {
      var provenance =
          keys.verify(
              WHAT,
              text.getBytes(StandardCharsets.UTF_8),
              Provenance.MAX_SIGNED_BYTES,
              Provenance.TYPE,
              Provenance.class);
      check(manifest, sworn, provenance);
      return Optional.empty();
    } catch (InvalidInput e) {
      return Optional.of("the " + e.getMessage());
    } catch (NullPointerException e) {
      return Optional.of("the provenance lacks something that SLSA requires");
    }
  }

  private void check(Manifest manifest, Sworn sworn, Provenance provenance) {
    var definition = provenance.predicate().buildDefinition();
    var run = provenance.predicate().runDetails();
    var built = definition.externalParameters();
    same("build type", Provenance.BUILD_TYPE, definition.buildType());
    InvalidInput.unless(provenance.isOf(manifest.sha256()), WHAT, "is of another artifact");
    InvalidInput.unless(provenance.isOf(sworn.manifest()), WHAT, "is of another manifest");
    same("app", manifest.app().value(), built.app());
    same("build", manifest.job() + "-" + manifest.attempt(), run.metadata().invocationId());
    same("commit", manifest.commit().value(), built.commit());
    var builder = run.builder().id().toString();
    InvalidInput.unless(
        policy.builders().contains(builder),
        WHAT,
        "is of builder " + builder + "; trusted are " + policy.builders());
    checkRepository(manifest.app(), built.repository());
  }

  private void checkRepository(AppName app, String repository) {
    var own = repositories.get(app);
    var patterns = own == null ? policy.repositories() : List.of(own);
    InvalidInput.unless(
        patterns.stream().anyMatch(p -> ProvenancePolicy.matches(p, app, repository)),
        WHAT,
        "is of repository " + repository + "; trusted for " + app + " are " + patterns);
  }

  private static void same(String field, String here, String sworn) {
    InvalidInput.unless(
        here.equals(sworn), WHAT, "is of %s %s, not of %s".formatted(field, sworn, here));
  }

  private void count(String outcome) {
    meters.counter("slipway.machine.provenances", "outcome", outcome).increment();
  }
}
