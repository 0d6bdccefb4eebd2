package dev.slipway.common.target;

import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.trace.TraceParent;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A build as machines get it. Two are equal that bring the same, whatever trace they are told in.
 *
 * @param build the job's id
 * @param size bytes
 * @param manifest object name of the signed manifest in the region's bucket
 * @param trace the span of the build's trace that log lines about it name; none of builds that have
 *     no trace, and from a centre that does not tell it
 */
public record Release(
    long build, Sha256 sha256, long size, String manifest, @Nullable TraceParent trace) {
  /** Of no trace. */
  public Release(long build, Sha256 sha256, long size, String manifest) {
    this(build, sha256, size, manifest, null);
  }

  /** The same, told in that span. */
  public Release in(TraceParent span) {
    return new Release(build, sha256, size, manifest, span);
  }

  // machines that learn of a trace must not take it for another release
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Release release
        && build == release.build
        && sha256.equals(release.sha256)
        && size == release.size
        && manifest.equals(release.manifest);
  }

  @Override
  public int hashCode() {
    return Objects.hash(build, sha256, size, manifest);
  }
}
