package dev.slipway.bench.workers;

import java.util.ArrayList;
import java.util.List;

/**
 * What a drill found.
 *
 * @param jobs pushed
 * @param kills of workers that were carried out
 * @param zombies workers that held a job when they were frozen, and went on after it was lost
 * @param lost attempts whose worker was lost
 * @param acceptedTwice jobs with two results, or with the result of an attempt that was taken away
 * @param stuck jobs that did not end, or ended otherwise than well
 * @param mismatched jobs whose bytes or manifest are not what the table says
 * @param leftRunning processes that were left of builds
 */
public record Found(
    long jobs,
    long kills,
    long zombies,
    long lost,
    long acceptedTwice,
    long stuck,
    long mismatched,
    long leftRunning) {

  /** What must not be. */
  public List<String> violations() {
    var violations = new ArrayList<String>();
    add(violations, acceptedTwice, "jobs with more than one accepted result");
    add(violations, stuck, "jobs that did not end well");
    add(violations, mismatched, "jobs whose bytes or manifest do not match");
    add(violations, leftRunning, "processes of builds that are still running");
    return violations;
  }

  private static void add(List<String> violations, long count, String what) {
    if (count > 0) {
      violations.add(count + " " + what);
    }
  }
}
