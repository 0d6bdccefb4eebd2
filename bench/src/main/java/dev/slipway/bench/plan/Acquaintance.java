package dev.slipway.bench.plan;

import dev.slipway.common.swarm.Tracker;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Who knows whom: members come one after the other, and each is told of some that came before it,
 * those of its own zone first, as the tracker does.
 */
final class Acquaintance {
  /** Connections of the engine. */
  private static final int MOST = 200;

  private final List<Party.Member> members;
  private final Random random;
  private final List<List<Integer>> zones = new ArrayList<>();
  private final List<List<Integer>> known = new ArrayList<>();

  Acquaintance(List<Party.Member> members, Random random) {
    this.members = members;
    this.random = random;
    for (var member = 0; member < members.size(); member++) {
      known.add(new ArrayList<>());
      come(member);
    }
  }

  private void come(int member) {
    var zone = members.get(member).zone();
    while (zones.size() <= zone) {
      zones.add(new ArrayList<>());
    }
    meet(member, zones.get(zone), Tracker.MOST_ANSWERED);
    for (var other = 0; other < zones.size(); other++) {
      if (other != zone) {
        meet(member, zones.get(other), Tracker.MOST_ANSWERED - known.get(member).size());
      }
    }
    zones.get(zone).add(member);
  }

  /** Draws without giving anybody twice: what was drawn goes behind what can still be drawn. */
  private void meet(int member, List<Integer> others, int wanted) {
    var left = others.size();
    for (var met = 0; met < wanted && left > 0; ) {
      var drawn = random.nextInt(left);
      var other = others.get(drawn);
      left--;
      others.set(drawn, others.get(left));
      others.set(left, other);
      if (known.get(other).size() < MOST) {
        known.get(member).add(other);
        known.get(other).add(member);
        met++;
      }
    }
  }

  /** Those whom each member knows. */
  List<int[]> known() {
    return known.stream().map(each -> each.stream().mapToInt(Integer::intValue).toArray()).toList();
  }
}
