package dev.slipway.common.provenance;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.problem.InvalidInput;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * How an artifact came about: a SLSA provenance (slsa.dev/spec/v1.0/provenance) in an in-toto
 * statement, version 1. Names are theirs. Only ever believed after its signature was checked, and
 * then only of whom it is signed by.
 *
 * @param type {@link #STATEMENT}
 * @param subject the artifact, and the manifest that describes it
 * @param predicateType {@link #PREDICATE}
 */
public record Provenance(
    @JsonProperty("_type") String type,
    List<Resource> subject,
    String predicateType,
    Predicate predicate) {
  /** The type of payload that it is in its envelope. */
  public static final String TYPE = "application/vnd.in-toto+json";

  /** The largest envelope that anyone reads: a long build command in it, and room to spare. */
  public static final int MAX_SIGNED_BYTES = 256 << 10;

  /** What kind of build it tells of; its parameters are those of {@link Parameters}. */
  public static final String BUILD_TYPE = "https://slipway.dev/build/v1";

  /** Who builds, unless an installation gives its workers another name. */
  public static final String BUILDER = "https://slipway.dev/builder";

  static final String STATEMENT = "https://in-toto.io/Statement/v1";
  static final String PREDICATE = "https://slsa.dev/provenance/v1";

  public Provenance {
    InvalidInput.unless(STATEMENT.equals(type), "_type", "must be " + STATEMENT);
    InvalidInput.unless(PREDICATE.equals(predicateType), "predicateType", "must be " + PREDICATE);
    subject = List.copyOf(subject);
  }

  /** Says of a build how it was made. */
  public Provenance(List<Resource> subject, Definition definition, Run run) {
    this(STATEMENT, subject, PREDICATE, new Predicate(definition, run));
  }

  /** SLSA's predicate. */
  public record Predicate(Definition buildDefinition, Run runDetails) {}

  /**
   * What was to be built.
   *
   * @param resolvedDependencies the commit that the repository had under its ref
   */
  public record Definition(
      String buildType,
      Parameters externalParameters,
      Map<String, Object> internalParameters,
      List<Source> resolvedDependencies) {}

  /**
   * What others than the builder could choose.
   *
   * @param repository the address that was cloned
   * @param ref as {@code refs/heads/master}
   */
  public record Parameters(
      String app, String repository, String ref, String commit, Recipe recipe) {}

  /**
   * Of slipway.yml what builds.
   *
   * @param env names alone
   */
  public record Recipe(
      String command,
      String artifact,
      String timeout,
      List<String> env,
      List<String> labels,
      String network) {}

  /**
   * Something that was taken from elsewhere.
   *
   * @param uri as {@code git+https://…@refs/heads/master}
   */
  public record Source(String uri, Map<String, String> digest) {}

  /** Something that came out of it. */
  public record Resource(String name, Map<String, String> digest) {
    /** By its digest. */
    public static Resource of(String name, Sha256 sha256) {
      return new Resource(name, Map.of("sha256", sha256.value()));
    }
  }

  /**
   * Who built, which time, and when.
   *
   * @param byproducts what else was written because of it
   */
  public record Run(Builder builder, Metadata metadata, List<Resource> byproducts) {}

  /**
   * Who built.
   *
   * @param id what machines trust, or not
   */
  public record Builder(URI id) {}

  /**
   * One run.
   *
   * @param invocationId the build and its attempt, as {@code 17-1}
   */
  public record Metadata(String invocationId, Instant startedOn, Instant finishedOn) {}

  /** Whether it is sworn of these bytes. */
  public boolean isOf(Sha256 sha256) {
    return subject.stream().anyMatch(made -> sha256.value().equals(made.digest().get("sha256")));
  }
}
