package dev.slipway.common.machine;

import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.Envelope;
import dev.slipway.common.target.Release;
import dev.slipway.common.trace.TraceParent;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What a machine must run.
 *
 * @param manifest where the region serves the signed manifest
 * @param artifact where the region serves the bytes, with ranges: the swarm's web seed and the path
 *     without a swarm
 * @param pass where the region admits this machine to the artifact's swarm: a {@link PassRequest}
 *     posted there is answered by a {@link Pass}
 * @param signed the target that it follows from, as the centre signed it: a {@link
 *     dev.slipway.common.target.TargetStatement}; none where it does not sign, and of what is only
 *     to be had ahead
 * @param provenance where the region serves the release's provenance; none from agents that have
 *     none
 */
public record Assignment(
    AppName app,
    long revision,
    Release release,
    URI manifest,
    URI artifact,
    URI pass,
    @Nullable Envelope signed,
    @Nullable URI provenance) {
  /** Of a target that nobody signed, and a release without provenance. */
  public Assignment(
      AppName app, long revision, Release release, URI manifest, URI artifact, URI pass) {
    this(app, revision, release, manifest, artifact, pass, null, null);
  }

  /** Lets the log lines of this thread carry the ids of its release's trace. */
  public TraceParent.InLogs inLogs() {
    return TraceParent.inLogs(release.trace());
  }
}
