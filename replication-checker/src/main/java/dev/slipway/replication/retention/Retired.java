package dev.slipway.replication.retention;

import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.ArtifactNames;
import dev.slipway.common.artifact.Sha256;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A build that is no longer kept.
 *
 * @param bytes of its artifact
 * @param attempts it took; each may have left a manifest and its provenance
 * @param shared whether a build that is kept has the same content, which stays then
 */
public record Retired(
    AppName app, long build, Sha256 sha256, long bytes, int attempts, boolean shared) {
  /** The objects that go with it, in every bucket. */
  public List<String> objects() {
    return Stream.concat(papers().stream(), shared ? Stream.of() : contents().stream()).toList();
  }

  /** What was signed of its attempts. */
  List<String> papers() {
    return IntStream.rangeClosed(1, attempts)
        .boxed()
        .flatMap(attempt ->
            Stream.of(
                ArtifactNames.manifest(app, build, attempt),
                ArtifactNames.provenance(app, build, attempt)))
        .toList();
  }

  /** What is named by its content, and so may be another build's too. */
  List<String> contents() {
    return contents(app, sha256);
  }

  static List<String> contents(AppName app, Sha256 sha256) {
    return List.of(ArtifactNames.artifact(app, sha256), ArtifactNames.blocks(app, sha256));
  }
}
