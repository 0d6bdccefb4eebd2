package dev.slipway.replication.handout;

import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.replica.AgentName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The order in which agents lead for an artifact, by rendezvous hashing: an agent that comes or
 * goes changes the leaders of its own share of the artifacts alone.
 */
final class Rank {
  private Rank() {}

  /**
   * Who leads next.
   *
   * @param agents that are there; at least one
   * @param before who led and let go of it, perhaps because it cannot; none at first
   */
  static AgentName next(Sha256 artifact, List<AgentName> agents, @Nullable AgentName before) {
    var ranked =
        agents.stream()
            .sorted(
                Comparator.<AgentName>comparingLong(agent -> weight(artifact, agent)).reversed())
            .toList();
    // one that is not there is at -1, so the first follows
    return ranked.get((ranked.indexOf(before) + 1) % ranked.size());
  }

  /** Of an agent for an artifact; as good as unique. */
  static long weight(Sha256 artifact, AgentName agent) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-256")
              .digest((artifact + " " + agent).getBytes(StandardCharsets.US_ASCII));
      return ByteBuffer.wrap(digest).getLong();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
