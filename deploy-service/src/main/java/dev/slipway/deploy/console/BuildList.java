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
import org.springframework.data.domain.Limit;

/** An app's builds as a list. */
final class BuildList {
  private final JobRepository jobs;
  private final BuildStore builds;

  BuildList(JobRepository jobs, BuildStore builds) {
    this.jobs = jobs;
    this.builds = builds;
  }

  /**
   * A build in the list.
   *
   * @param verified wanted regions with a verified copy
   */
  public record Line(Job job, String commit, String state, int verified) {
    public boolean isReady() {
      return state.equals("READY");
    }
  }

  List<Line> newest(AppName app, int most) {
    var newest = jobs.findByAppOrderBySeqDesc(app.value(), Limit.of(most));
    var verified = builds.verifiedCopies(newest.stream().map(Job::id).toList());
    return newest.stream()
        .map(job ->
            new Line(
                job,
                new CommitSha(job.commitSha()).abbreviated(),
                Words.state(job.status().name(), job.replicatedAt() != null),
                verified.getOrDefault(job.id(), 0)))
        .toList();
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
