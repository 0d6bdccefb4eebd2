package dev.slipway.queue.push;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts builds into branch order where their pushes arrived in another one.
 *
 * <p>What may move: a job's seq is compared with others and kept nowhere else (people and targets
 * name builds by id), so making room, which keeps the order among the jobs that were there, is safe
 * in any state: whatever was deployed stays ahead of all it was ahead of. Moving a job ahead of
 * others is safe only until it has succeeded: from then on it may have been deployed, and the order
 * of what was deployed must stay what it was.
 */
final class BranchOrder {
  /**
   * A job as a link of its branch.
   *
   * @param before the commit that it follows, where known
   * @param movable whether it may still move ahead of others
   */
  record Link(long job, String commit, @Nullable String before, boolean movable) {}

  private BranchOrder() {}

  /**
   * Moves the last job, which belongs ahead of the first, there, led by those of its ancestors in
   * between that may move. Where the first is an ancestor of the last, the branch was set back to
   * an old commit, which is a new wish and not a late message: all stay where they are.
   *
   * @param jobs of one app in the order they have, without gaps
   */
  static List<Link> lift(List<Link> jobs) {
    var front = jobs.getFirst();
    Map<String, Link> byCommit = new HashMap<>();
    jobs.forEach(link -> byCommit.put(link.commit(), link));
    var lifted = new ArrayList<Link>();
    Set<Link> seen = new HashSet<>();
    var movable = true;
    for (Link link = jobs.getLast();
        link != null && seen.add(link);
        link = link.before() == null ? null : byCommit.get(link.before())) {
      if (link.equals(front)) {
        return jobs;
      }
      movable = movable && link.movable();
      if (movable) {
        lifted.addFirst(link);
      }
    }
    var order = new ArrayList<>(lifted);
    jobs.stream().filter(link -> !lifted.contains(link)).forEach(order::add);
    return order;
  }
}
