package dev.slipway.bench.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Who fetches an artifact, and from whom.
 *
 * @param sourceMbit that the source sends
 * @param heldFrom when the source has each piece, in seconds; empty where it has all from the start
 */
record Party(List<Member> members, double sourceMbit, List<Double> heldFrom) {
  /**
   * A machine, or a regional agent among its like.
   *
   * @param up what it can send, in Mbit/s
   * @param down what it can receive
   * @param zone whose members it meets first
   * @param endsAt when it is killed, in seconds
   */
  record Member(double up, double down, int zone, double endsAt) {
    boolean isAliveAt(double seconds) {
      return seconds < endsAt;
    }

    boolean survives() {
      return endsAt == Double.POSITIVE_INFINITY;
    }
  }

  Party {
    members = List.copyOf(members);
    heldFrom = List.copyOf(heldFrom);
  }

  /** Members that are all alike, and a source that has everything. */
  static Party of(int members, int zones, double mbit, double sourceMbit) {
    return new Party(
        IntStream.range(0, members)
            .mapToObj(n -> new Member(mbit, mbit, n % zones, Double.POSITIVE_INFINITY))
            .toList(),
        sourceMbit,
        List.of());
  }

  /** The same people on links of which only a part is made use of. */
  Party at(double share) {
    var all = new ArrayList<Member>();
    for (var member : members) {
      all.add(
          new Member(member.up() * share, member.down() * share, member.zone(), member.endsAt()));
    }
    return new Party(all, sourceMbit * share, heldFrom);
  }
}
