package dev.slipway.region.machine;

import dev.slipway.common.openapi.Refuses;
import dev.slipway.common.swarm.AnnounceKeys;
import dev.slipway.common.swarm.PieceWish;
import dev.slipway.common.swarm.Tracker;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** The region's swarm meets here: its machines, and this agent's own peer. */
@RestController
public class AnnounceController {
  private final AnnounceKeys keys;
  private final Tracker tracker;
  private final Resident resident;
  private final Revocations revocations;

  AnnounceController(
      AnnounceKeys keys, Tracker tracker, Resident resident, Revocations revocations) {
    this.keys = keys;
    this.tracker = tracker;
    this.resident = resident;
    this.revocations = revocations;
  }

  /** A BitTorrent client's announce (BEP 3); the key is its credential. */
  @Operation(
      operationId = "announce",
      summary = "A BitTorrent client's announce; its key is the credential")
  @Refuses(
      status = 403,
      codes = {"announce-refused", "machine-revoked"})
  @GetMapping(path = "/announce/{key}", produces = MediaType.TEXT_PLAIN_VALUE)
  byte[] announce(@PathVariable String key, HttpServletRequest request)
      throws UnknownHostException {
    var ticket = keys.check(key);
    revocations.requireGood(ticket.member());
    var query = String.valueOf(request.getQueryString());
    return tracker.announce(
        ticket,
        InetAddress.getByName(request.getRemoteAddr()),
        query,
        PieceWish.isDealt(query) ? List.of() : resident.of(ticket.artifact()));
  }
}
