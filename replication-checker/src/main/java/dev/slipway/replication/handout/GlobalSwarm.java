package dev.slipway.replication.handout;

import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.openapi.Refuses;
import dev.slipway.common.problem.Problem;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.replica.AgentName;
import dev.slipway.common.swarm.AnnounceKeys;
import dev.slipway.common.swarm.Tracker;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * Where the regional agents that copy an artifact meet. An announce address is good for one agent
 * and one artifact.
 */
@RestController
public class GlobalSwarm {
  private final AnnounceKeys keys;
  private final Tracker tracker;
  private final URI url;

  /**
   * @param url where regional agents reach this service
   */
  public GlobalSwarm(AnnounceKeys keys, Tracker tracker, URI url) {
    this.keys = keys;
    this.tracker = tracker;
    this.url = url;
  }

  /**
   * Where an agent meets those of other regions: a member of its own, beside its region's others.
   */
  URI address(Sha256 artifact, RegionName region, AgentName agent) {
    var member = region + "." + Long.toHexString(Rank.weight(artifact, agent));
    return keys.address(url, artifact, member, region.value());
  }

  /** The tracker's announce call (BEP 3, 23). */
  @Operation(
      operationId = "announce",
      summary = "A BitTorrent client's announce; its key is the credential")
  @Refuses(status = 403, codes = "announce-refused")
  @GetMapping(path = "/announce/{key}", produces = MediaType.TEXT_PLAIN_VALUE)
  byte[] announce(@PathVariable String key, HttpServletRequest request) {
    var ticket = keys.check(key);
    var query = request.getQueryString();
    if (query == null) {
      throw new Problem(400, "invalid-input", "an announce needs its query");
    }
    try {
      return tracker.announce(
          ticket, InetAddress.getByName(request.getRemoteAddr()), query, List.of());
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
