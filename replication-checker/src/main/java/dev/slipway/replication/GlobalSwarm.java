package dev.slipway.replication;

import dev.slipway.common.problem.Problem;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.replica.Replication;
import dev.slipway.common.swarm.AnnounceKeys;
import dev.slipway.common.swarm.Tracker;
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
 * Where the regional agents that copy an artifact meet. An announce address is good for one region
 * and one artifact.
 */
@RestController
public class GlobalSwarm {
  private final AnnounceKeys keys;
  private final Tracker tracker;
  private final URI url;

  GlobalSwarm(AnnounceKeys keys, Tracker tracker, ReplicationProperties properties) {
    this.keys = keys;
    this.tracker = tracker;
    this.url = properties.url();
  }

  Replication invitation(WantedStore.Wanted build, RegionName region) {
    return new Replication(
        build.job(),
        build.app(),
        build.sha256(),
        build.size(),
        build.crc32c(),
        build.manifest(),
        keys.address(url, build.sha256(), region.value(), region.value()));
  }

  /** The tracker's announce call (BEP 3, 23). */
  @GetMapping(path = "/announce/{key}", produces = MediaType.TEXT_PLAIN_VALUE)
  byte[] announce(@PathVariable String key, HttpServletRequest request) {
    var query = request.getQueryString();
    if (query == null) {
      throw new Problem(400, "invalid-input", "an announce needs its query");
    }
    try {
      return tracker.announce(
          keys.check(key), InetAddress.getByName(request.getRemoteAddr()), query, List.of());
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
