package dev.slipway.common.swarm;

import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.problem.InvalidInput;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP tracker (BEP 3, 7 and 23) in memory: tells the members of a circle about each other. What
 * it forgets, by restart or for want of room, comes back with the next announces: of circles in
 * which somebody lacks something within seconds, of others mostly within five minutes.
 */
public final class Tracker {
  /** The most peers in an answer. */
  public static final int MOST_ANSWERED = 50;

  private static final int MOST_CIRCLES = 20_000;
  private static final int MOST_PEERS = 20_000;
  private static final int MOST_IN_ALL = 200_000;
  private static final Duration FORGETS = Duration.ofSeconds(10);
  private static final int SHORTEST_INTERVAL = 2;
  private static final int IPV4_BYTES = 4;

  private final Clock clock;
  private final MeterRegistry meters;
  private final AnnounceLimit limit;
  private final int mostInAll;

  /** In the order of their last announces; guards itself and what is in it. */
  private final SequencedMap<Sha256, Circle> circles = new LinkedHashMap<>(16, 0.75f, true);

  /** Of all circles. */
  private int peers;

  private Instant forgot;

  /**
   * @param meters get {@code slipway.tracker.announces} by outcome and {@code
   *     slipway.tracker.swarms}
   */
  public Tracker(Clock clock, MeterRegistry meters) {
    this(clock, meters, MOST_IN_ALL);
  }

  Tracker(Clock clock, MeterRegistry meters, int mostInAll) {
    this.limit = new AnnounceLimit(clock);
    this.mostInAll = mostInAll;
    this.clock = clock;
    this.forgot = clock.instant();
    this.meters = meters;
    meters.gauge("slipway.tracker.swarms", this, Tracker::swarms);
  }

  /**
   * Answers an announce.
   *
   * @param from the client's address, as its connection shows it
   * @param rawQuery the request's query before any decoding
   * @param residents peers that are always there; listed first
   * @return the body, bencoded; a {@code failure reason} for a query that is refused
   */
  public byte[] announce(
      Ticket ticket,
      InetAddress from,
      @Nullable String rawQuery,
      List<InetSocketAddress> residents) {
    if (!limit.admits(ticket)) {
      count("flood");
      return refusal(
          "at most %d announces in %d seconds: wait"
              .formatted(AnnounceLimit.MOST, AnnounceLimit.WINDOW.toSeconds()));
    }
    try {
      var announce = Announce.parse(rawQuery, MOST_ANSWERED);
      var address = new InetSocketAddress(from, announce.port());
      Circle.Answer answer;
      synchronized (circles) {
        forgetNowAndThen();
        var circle = circle(ticket.artifact());
        var before = circle.size();
        answer = circle.announce(ticket, address, announce, residents, clock.instant());
        peers += circle.size() - before;
        makeRoom();
      }
      count("answered");
      return encode(answer);
    } catch (InvalidInput refused) {
      count("refused");
      return refusal(String.valueOf(refused.getMessage()));
    }
  }

  private static byte[] refusal(String reason) {
    return new BencodeWriter()
        .raw("d")
        .string("failure reason")
        .string(reason)
        .string("interval")
        .integer(AnnounceLimit.WINDOW.toSeconds())
        .raw("e")
        .bytes();
  }

  /** The largest swarm gives way, so that a flood of one artifact is not at others' cost. */
  private void makeRoom() {
    while (peers > mostInAll) {
      Collections.max(circles.values(), Comparator.comparingInt(Circle::size)).forgetOne();
      peers--;
    }
  }

  /** How many artifacts' swarms have members. */
  int swarms() {
    synchronized (circles) {
      forget();
      return circles.size();
    }
  }

  /** How many members all swarms have together. */
  int peers() {
    synchronized (circles) {
      return peers;
    }
  }

  private Circle circle(Sha256 artifact) {
    var known = circles.get(artifact);
    if (known != null) {
      return known;
    }
    if (circles.size() >= MOST_CIRCLES) {
      peers -= Objects.requireNonNull(circles.pollFirstEntry()).getValue().size();
    }
    var circle = new Circle(MOST_PEERS);
    circles.put(artifact, circle);
    return circle;
  }

  private void forgetNowAndThen() {
    var now = clock.instant();
    // also when the clock was set back
    if (Duration.between(forgot, now).abs().compareTo(FORGETS) >= 0) {
      forget();
    }
  }

  private void forget() {
    var now = clock.instant();
    forgot = now;
    circles.values().removeIf(circle -> circle.expire(now) == 0);
    peers = circles.values().stream().mapToInt(Circle::size).sum();
  }

  private void count(String outcome) {
    meters.counter("slipway.tracker.announces", "outcome", outcome).increment();
  }

  private static byte[] encode(Circle.Answer answer) {
    var peers = new ByteArrayOutputStream();
    var peers6 = new ByteArrayOutputStream();
    for (var peer : answer.peers()) {
      var ip = peer.getAddress().getAddress();
      var out = ip.length == IPV4_BYTES ? peers : peers6;
      out.writeBytes(ip);
      out.write(peer.getPort() >> 8);
      out.write(peer.getPort());
    }
    return new BencodeWriter()
        .raw("d")
        .string("complete")
        .integer(answer.complete())
        .string("incomplete")
        .integer(answer.incomplete())
        .string("interval")
        .integer(answer.interval().toSeconds())
        .string("min interval")
        .integer(SHORTEST_INTERVAL)
        .string("peers")
        .string(peers.toByteArray())
        .string("peers6")
        .string(peers6.toByteArray())
        .raw("e")
        .bytes();
  }
}
