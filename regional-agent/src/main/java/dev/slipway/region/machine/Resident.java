package dev.slipway.region.machine;

import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.swarm.Swarm;
import dev.slipway.region.cache.ArtifactCache;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** This agent's own peer, which machines meet first. */
public final class Resident {
  private final ArtifactCache cache;
  private final @Nullable Swarm swarm;
  private final Supplier<String> host;

  /**
   * @param swarm none where there is no engine
   * @param host where machines reach the peer; looked up each time, as addresses of hosts change
   */
  public Resident(ArtifactCache cache, @Nullable Swarm swarm, Supplier<String> host) {
    this.cache = cache;
    this.swarm = swarm;
    this.host = host;
  }

  /** The peer's address, when it shares that artifact. */
  List<InetSocketAddress> of(Sha256 artifact) {
    if (swarm == null || !cache.shares(artifact)) {
      return List.of();
    }
    var address = new InetSocketAddress(host.get(), swarm.port());
    return address.isUnresolved() ? List.of() : List.of(address);
  }
}
