package dev.slipway.deploy.console;

import dev.slipway.common.app.AppName;
import dev.slipway.common.job.CommitSha;
import dev.slipway.common.job.Job;
import dev.slipway.common.job.JobRepository;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.data.domain.Limit;

/** An app's line of commits, newest first. */
final class BuildList {
  private final JobRepository jobs;
  private final BuildStore builds;

  BuildList(JobRepository jobs, BuildStore builds) {
    this.jobs = jobs;
    this.builds = builds;
  }

  /** What a person can do with a build. */
  public enum Act {
    DEPLOY,
    /** It comes before what machines were told to run. */
    ROLL_BACK,
    NONE
  }

  /**
   * A commit in the line.
   *
   * @param copies the states of its copies by region, as far as they were asked for
   * @param runs how many machines run it, by region
   */
  public record Line(
      Job job,
      String commit,
      String state,
      SortedMap<String, String> copies,
      SortedMap<String, Integer> runs,
      Act act) {
    public boolean isReady() {
      return state.equals("READY");
    }

    public long verified() {
      return copies.values().stream().filter("VERIFIED"::equals).count();
    }
  }

  /** The newest builds, as an app's fleet stands to them. */
  List<Line> newest(AppName app, int most, List<FleetView.RegionFleet> fleet) {
    var newest = jobs.findByAppOrderBySeqDesc(app.value(), Limit.of(most));
    var copies = builds.copyStates(newest.stream().map(Job::id).toList());
    var lines = new ArrayList<Line>();
    var told = false;
    for (var job : newest) {
      var isTarget = fleet.stream().anyMatch(r -> Long.valueOf(job.id()).equals(r.target()));
      var state = Words.state(job.status().name(), job.replicatedAt() != null);
      lines.add(
          new Line(
              job,
              new CommitSha(job.commitSha()).abbreviated(),
              state,
              copies.getOrDefault(job.id(), new TreeMap<>()),
              runs(job.id(), fleet),
              state.equals("READY") ? act(isTarget, told) : Act.NONE));
      told |= isTarget;
    }
    return lines;
  }

  /**
   * @param told whether machines were told to run it, or in {@code newerTold} a newer one
   */
  private static Act act(boolean told, boolean newerTold) {
    return newerTold ? Act.ROLL_BACK : told ? Act.NONE : Act.DEPLOY;
  }

  private static SortedMap<String, Integer> runs(long build, List<FleetView.RegionFleet> fleet) {
    var runs = new TreeMap<String, Integer>();
    for (var region : fleet) {
      var machines = region.runs().get(build);
      if (machines != null) {
        runs.put(region.name(), machines);
      }
    }
    return runs;
  }

  /** By build the first digits of its commit, of the list and of some others. */
  Map<Long, String> commitsOf(Collection<Long> others, List<Line> list) {
    var commits = new HashMap<Long, String>();
    list.forEach(line -> commits.put(line.job().id(), line.commit()));
    var unknown = new ArrayList<>(others);
    unknown.removeAll(commits.keySet());
    commits.putAll(builds.commits(unknown));
    return commits;
  }
}
