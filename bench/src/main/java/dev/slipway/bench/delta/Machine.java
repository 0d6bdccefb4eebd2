package dev.slipway.bench.delta;

import dev.slipway.common.artifact.TrustedKeys;
import dev.slipway.common.machine.Assignment;
import dev.slipway.machine.artifact.Artifacts;
import dev.slipway.machine.artifact.Manifests;
import dev.slipway.machine.artifact.Progress;
import dev.slipway.machine.artifact.Swarms;
import dev.slipway.machine.region.RegionHttp;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The part of a machine's agent that brings artifacts, in a folder of its own and without an
 * engine: all that moves comes from the regional agent by HTTP, where it is counted.
 */
final class Machine implements AutoCloseable {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Agent agent;
  private final RegionHttp http;
  private final Swarms swarms;
  private final Manifests manifests;
  private final Artifacts artifacts;

  Machine(Path folder, Agent agent, Bucket bucket) throws Exception {
    this.agent = agent;
    var token = agent.token();
    this.http = new RegionHttp(token, meters);
    this.swarms =
        new Swarms(
            () -> false,
            tls -> {
              throw new IllegalStateException("there is no engine here");
            },
            meters);
    this.manifests = new Manifests(http, new TrustedKeys(List.of(bucket.publicKey())));
    this.artifacts =
        new Artifacts(Files.createDirectories(folder), swarms, http, "bench", token, meters);
  }

  /** What fetching a release took and what moved for it. */
  record Fetched(double seconds, long moved, Path file) {}

  /** Brings a release's artifact, checked, which stays until it is let go. */
  Fetched fetch(Assignment release) throws Exception {
    artifacts.hold(release);
    var before = agent.served();
    var begun = System.nanoTime();
    var file = artifacts.fetch(release, manifests.fetch(release).manifest(), new Progress());
    return new Fetched((System.nanoTime() - begun) / 1e9, agent.served() - before, file);
  }

  void letGo(Assignment release) throws Exception {
    artifacts.letGo(release);
  }

  /** Bytes that it counted by their source. */
  long counted(String source) {
    return (long) meters.counter("slipway.machine.bytes", "source", source).count();
  }

  @Override
  public void close() {
    swarms.close();
    http.close();
  }
}
