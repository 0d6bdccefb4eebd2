package dev.slipway.bench.plan;

import dev.slipway.bench.plan.Party.Member;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds the model of the swarm against what {@code bench fanout} has measured. One thing is taken
 * from there: which part of a link's rate becomes bytes of the artifact, so that twenty-four
 * machines take as long as they did. The other three are predictions.
 */
final class Calibration {
  /** Until those who want the same have met. */
  static final double MEET_SECONDS = 1;

  private static final double LINK_MBIT = 24;
  private static final double LAN_MBIT = 50;
  private static final double WAN_MBIT = 20;
  private static final int HALVINGS = 12;
  private static final int AIM = 1_000;

  private final double bytes;
  private final long seed;
  private final double share;

  /** What was predicted, and what was measured of the same. */
  record Check(String figure, double predicted, double measured) {
    /** By how much the prediction is off, as a part of what was measured. */
    double error() {
      return Math.abs(predicted - measured) / measured;
    }
  }

  Calibration(Settings settings, Measured measured, long seed) throws IOException {
    this.bytes = settings.fanoutMib() * (double) (1 << 20);
    this.seed = seed;
    this.share = fit(measured.get("fanout.flat24.ratio"));
  }

  /** The part of a link's rate that becomes bytes of the artifact. */
  double share() {
    return share;
  }

  private double fit(double ratio) {
    var low = 0.2;
    var high = 1.0;
    for (var halving = 0; halving < HALVINGS; halving++) {
      var middle = (low + high) / 2;
      if (flat(24, middle) > ratio) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }

  /** What the model says of each thing that was measured and not fitted. */
  List<Check> checks(Measured measured) throws IOException {
    var checks = new ArrayList<Check>();
    checks.add(check("fanout.flat12.ratio", flat(12, share), measured));
    checks.add(check("fanout.regions.ratio", regions(), measured));
    checks.add(check("fanout.churn.ratio", churn(), measured));
    return checks;
  }

  private static Check check(String figure, double predicted, Measured measured)
      throws IOException {
    return new Check(figure, predicted, measured.get(figure));
  }

  private double flat(int machines, double part) {
    return ratio(Party.of(machines, 1, LINK_MBIT, LINK_MBIT).at(part), LINK_MBIT);
  }

  private double ratio(Party party, double mbit) {
    return (MEET_SECONDS + run(party).seconds()) / (bytes * 8 / (mbit * 1e6));
  }

  private Swarm.Outcome run(Party party) {
    return Swarm.run(party, bytes, pieceBytes(bytes), seed);
  }

  /** As in fanout: one machine in ten sends slowly, every third is killed half-way. */
  private double churn() {
    var half = bytes * 8 / (LINK_MBIT * 1e6) / 2 - MEET_SECONDS;
    var members = new ArrayList<Member>();
    for (var n = 0; n < 24; n++) {
      var up = n % 10 == 0 ? LINK_MBIT / 10 : LINK_MBIT;
      members.add(new Member(up, LINK_MBIT, 0, n % 3 == 1 ? half : Double.POSITIVE_INFINITY));
    }
    return ratio(new Party(members, LINK_MBIT, List.of()).at(share), LINK_MBIT);
  }

  /** Three regions of six machines, which fetch while their region's agent does. */
  private double regions() {
    var leaders = run(Party.of(3, 1, WAN_MBIT, WAN_MBIT).at(share));
    var last = 0.0;
    for (var came : leaders.cameAt()) {
      var machines = Party.of(6, 1, LAN_MBIT, LAN_MBIT);
      last = Math.max(last, run(new Party(machines.members(), LAN_MBIT, came).at(share)).seconds());
    }
    return (2 * MEET_SECONDS + last) / (bytes * 8 / (WAN_MBIT * 1e6));
  }

  /** How large the pieces of an artifact are: a power of two, about a thousand of them. */
  static double pieceBytes(double bytes) {
    return Math.clamp(Long.highestOneBit((long) (bytes / AIM)), 16 << 10, 16 << 20);
  }
}
