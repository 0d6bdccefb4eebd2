package dev.slipway.deploy.console;

import dev.slipway.common.app.AppName;
import dev.slipway.common.job.CommitSha;
import dev.slipway.common.job.JobRepository;
import dev.slipway.common.problem.Problem;
import dev.slipway.deploy.preview.Previews;
import dev.slipway.deploy.timeline.TimelineStore;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** One build: where its time went, what it made, what it printed. */
@Controller
class BuildController {
  private final JobRepository jobs;
  private final BuildStore builds;
  private final TimelineStore timelines;
  private final Previews previews;
  private final LogTail log;
  private final Words words;

  BuildController(
      JobRepository jobs,
      BuildStore builds,
      TimelineStore timelines,
      Previews previews,
      LogTail log,
      Words words) {
    this.jobs = jobs;
    this.builds = builds;
    this.timelines = timelines;
    this.previews = previews;
    this.log = log;
    this.words = words;
  }

  @GetMapping("/builds/{id}")
  String build(@PathVariable long id, Model model, HttpServletRequest request) {
    var job = jobs.findById(id);
    if (job == null) {
      throw Problem.notFound("build #" + id);
    }
    model.addAttribute("job", job);
    model.addAttribute("commit", new CommitSha(job.commitSha()).abbreviated());
    model.addAttribute("attempts", builds.attempts(id));
    model.addAttribute("copies", builds.copies(id));
    var timeline = timelines.of(id).orElseThrow();
    model.addAttribute("way", timeline);
    model.addAttribute("timeline", TimelineBars.of(timeline, job.createdAt(), words));
    model.addAttribute(
        "preview",
        words.state(job).equals("READY") ? previews.of(new AppName(job.app()), id) : null);
    var page = Page.of("console/build", request);
    if (page.equals("console/build")) {
      model.addAttribute("log", log.of(id));
    }
    return page;
  }
}
