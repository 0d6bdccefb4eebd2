package dev.slipway.machine;

import dev.slipway.common.app.AppName;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.provenance.Provenance;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the provenance of releases must say on this machine.
 *
 * @param mode what becomes of a release whose provenance does not say so
 * @param keys Ed25519 public keys in PEM whose provenances are believed; none: those whose
 *     manifests are
 * @param builders ids of those who may have built
 * @param repositories that may have been built, for apps that are told none of their own: {@code *}
 *     stands for any characters, {@code {app}} for the app's name
 */
public record ProvenancePolicy(
    Mode mode, List<String> keys, List<String> builders, List<String> repositories) {
  /** What there is to do about a release of which nobody knows where it comes from. */
  public enum Mode {
    /** It is run, and said. */
    AUDIT,
    /** It is not run. */
    ENFORCE
  }

  private static final String ANY = "*";

  public ProvenancePolicy {
    InvalidInput.unless(!builders.isEmpty(), "builders", "must be at least one");
    InvalidInput.unless(!repositories.isEmpty(), "repositories", "must be at least one");
    keys = List.copyOf(keys);
    builders = List.copyOf(builders);
    repositories = List.copyOf(repositories);
  }

  /** Of Slipway's own builder, and any repository. */
  public static ProvenancePolicy usual(Mode mode) {
    return new ProvenancePolicy(mode, List.of(), List.of(Provenance.BUILDER), List.of(ANY));
  }

  /** Whether a repository is one of those that a pattern means. */
  public static boolean matches(String pattern, AppName app, String repository) {
    var parts = pattern.replace("{app}", app.value()).split("\\*", -1);
    var regex = Arrays.stream(parts).map(Pattern::quote).collect(Collectors.joining(".*"));
    return repository.matches(regex);
  }
}
