package dev.slipway.common.swarm;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The peers of one artifact's swarm that a tracker knows; the one who announced last is last.
 * Guarded by its tracker.
 */
final class Circle {
  /** An announce a tenth of a second, however many take part. */
  private static final int PEERS_A_SECOND = 10;

  private static final Duration SHORTEST = Duration.ofSeconds(10);

  /**
   * When everybody has everything nobody waits for news: who comes later is told of all of them at
   * once. Agents keep thousands of artifacts, each with a circle, so those that have been settled
   * for long ask ever less often. After a restart the tracker knows nobody of a settled circle for
   * as long.
   */
  private static final Duration SETTLED = Duration.ofMinutes(1);

  private static final Duration SETTLED_LONG = Duration.ofMinutes(5);

  private static final int INTERVALS = 2;

  private final int mostPeers;
  private final Map<String, Peer> peers = new LinkedHashMap<>();

  /**
   * A peer.
   *
   * @param settled none while somebody lacks something
   */
  private record Peer(
      InetSocketAddress address,
      String zone,
      boolean complete,
      @Nullable Settled settled,
      Instant until) {}

  /** How seldom a peer of a settled circle announces, and until when. */
  private record Settled(Duration interval, Instant until) {}

  /** How many have everything, how many do not, whom to meet, and when to ask again. */
  record Answer(int complete, int incomplete, List<InetSocketAddress> peers, Duration interval) {}

  Circle(int mostPeers) {
    this.mostPeers = mostPeers;
  }

  Answer announce(
      Ticket ticket,
      InetSocketAddress address,
      Announce announce,
      List<InetSocketAddress> residents,
      Instant now) {
    expire(now);
    // taken out first, so that it becomes the last one
    var before = peers.remove(ticket.member());
    var settled = announce.complete() && incomplete() == 0 ? settled(before, now) : null;
    var interval = interval(settled);
    if (!announce.stopped()) {
      var until = now.plus(interval.multipliedBy(INTERVALS));
      peers.put(
          ticket.member(), new Peer(address, ticket.zone(), announce.complete(), settled, until));
      if (peers.size() > mostPeers) {
        forgetOne();
      }
    }
    var incomplete = incomplete();
    var wanted = announce.stopped() ? 0 : announce.wanted();
    return new Answer(
        peers.size() - incomplete,
        incomplete,
        select(ticket, address, announce, residents, wanted),
        interval);
  }

  /** Forgets those who have not announced in time; returns how many are left. */
  int expire(Instant now) {
    peers.values().removeIf(peer -> !now.isBefore(peer.until()));
    return peers.size();
  }

  int size() {
    return peers.size();
  }

  /** Forgets the one who has not announced for longest. */
  void forgetOne() {
    peers.remove(peers.keySet().iterator().next());
  }

  private int incomplete() {
    return (int) peers.values().stream().filter(peer -> !peer.complete()).count();
  }

  private Duration interval(@Nullable Settled settled) {
    var fair = Duration.ofSeconds(peers.size() / PEERS_A_SECOND);
    var shortest = settled == null ? SHORTEST : settled.interval();
    return fair.compareTo(shortest) > 0 ? fair : shortest;
  }

  /** Twice as long as before, once that is over. */
  private static Settled settled(@Nullable Peer before, Instant now) {
    var known = before == null ? null : before.settled();
    if (known == null) {
      return new Settled(SETTLED, now.plus(SETTLED));
    }
    if (now.isBefore(known.until())) {
      return known;
    }
    var twice = known.interval().multipliedBy(2);
    var longer = twice.compareTo(SETTLED_LONG) < 0 ? twice : SETTLED_LONG;
    return new Settled(longer, now.plus(longer));
  }

  private List<InetSocketAddress> select(
      Ticket ticket,
      InetSocketAddress self,
      Announce announce,
      List<InetSocketAddress> residents,
      int wanted) {
    var near = new ArrayList<InetSocketAddress>();
    var far = new ArrayList<InetSocketAddress>();
    for (var peer : peers.values()) {
      // two who have everything have nothing to say to each other
      if (!(announce.complete() && peer.complete())) {
        (peer.zone().equals(ticket.zone()) ? near : far).add(peer.address());
      }
    }
    // everybody else's random few make one well connected swarm
    var random = ThreadLocalRandom.current();
    Collections.shuffle(near, random);
    Collections.shuffle(far, random);
    var chosen = new ArrayList<>(residents);
    chosen.addAll(near);
    chosen.addAll(far);
    return chosen.stream()
        .filter(other -> !other.isUnresolved() && !other.equals(self))
        .distinct()
        .limit(wanted)
        .toList();
  }
}
