package dev.slipway.common.machine;

import dev.slipway.common.app.AppName;
import dev.slipway.common.target.Release;
import java.net.URI;

/**
 * What a machine must run.
 *
 * @param manifest where the region serves the signed manifest
 * @param artifact where the region serves the bytes, with ranges: the swarm's web seed and the path
 *     without a swarm
 * @param pass where the region admits this machine to the artifact's swarm: a {@link PassRequest}
 *     posted there is answered by a {@link Pass}
 */
public record Assignment(
    AppName app, long revision, Release release, URI manifest, URI artifact, URI pass) {}
