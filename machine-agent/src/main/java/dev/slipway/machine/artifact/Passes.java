package dev.slipway.machine.artifact;

import dev.slipway.common.machine.Assignment;
import dev.slipway.common.machine.Pass;
import dev.slipway.common.machine.PassRequest;
import dev.slipway.common.swarm.PeerKey;
import dev.slipway.common.swarm.PieceWish;
import dev.slipway.common.swarm.Swarm.Meeting;
import dev.slipway.common.swarm.Swarm.WebSeed;
import dev.slipway.machine.region.RegionHttp;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Asks the region to admit this machine to the swarms of what it was told to run. */
final class Passes {
  private static final int LARGEST = 64 << 10;
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final RegionHttp region;
  private final String zone;
  private final String token;

  /** Of this process alone: it is written nowhere. */
  private final PeerKey key = PeerKey.generate();

  /**
   * @param token for the web seed
   */
  Passes(RegionHttp region, String zone, String token) {
    this.region = region;
    this.zone = zone;
    this.token = token;
  }

  /** How the artifact's swarm can be met for the next hour. */
  Meeting ask(Assignment assignment) throws IOException, InterruptedException {
    var publicKey = Base64.getEncoder().encodeToString(key.publicKey());
    var asked = JsonMapper.shared().writeValueAsBytes(new PassRequest(zone, publicKey));
    var answer = region.post("pass", assignment.pass(), asked, LARGEST, PATIENCE);
    try {
      return meeting(assignment, JsonMapper.shared().readValue(answer, Pass.class));
    } catch (JacksonException | NullPointerException e) {
      throw new IOException("the region's pass is not understood", e);
    }
  }

  private Meeting meeting(Assignment assignment, Pass pass) {
    // a region that deals pieces is asked for them one by one
    var seeds =
        PieceWish.isDealt(pass.announce().toString())
            ? List.<WebSeed>of()
            : List.of(new WebSeed(assignment.artifact(), token));
    var plain = new Meeting(List.of(pass.announce()), seeds);
    var root = pass.root();
    var certificate = pass.certificate();
    return root == null || certificate == null ? plain : plain.showing(key.with(root, certificate));
  }
}
