package dev.slipway.deploy.console.build;

import dev.slipway.common.app.AppName;
import dev.slipway.common.job.CommitSha;
import dev.slipway.common.job.Job;
import dev.slipway.common.job.JobRepository;
import dev.slipway.common.problem.Problem;
import dev.slipway.deploy.console.Page;
import dev.slipway.deploy.console.Words;
import dev.slipway.deploy.preview.Previews;
import dev.slipway.deploy.timeline.TimelineStore;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** One build: where its time went, what it made, what it printed. */
@Controller
class BuildController {
  private final JobRepository jobs;
  private final BuildPartStore parts;
  private final TimelineStore timelines;
  private final Previews previews;
  private final Words words;

  BuildController(
      JobRepository jobs,
      BuildPartStore parts,
      TimelineStore timelines,
      Previews previews,
      Words words) {
    this.jobs = jobs;
    this.parts = parts;
    this.timelines = timelines;
    this.previews = previews;
    this.words = words;
  }

  /**
   * The build's page.
   *
   * @param attempt whose log is shown; none for the latest, and for those that come after it
   */
  @GetMapping("/builds/{id}")
  String build(
      @PathVariable long id,
      @RequestParam(required = false) @Nullable Integer attempt,
      Model model,
      HttpServletRequest request) {
    var job = jobs.findById(id);
    if (job == null) {
      throw Problem.notFound("build #" + id);
    }
    var attempts = parts.attempts(id);
    var copies = parts.copies(id);
    var timeline = timelines.of(id).orElseThrow();
    model.addAttribute("job", job);
    model.addAttribute("commit", new CommitSha(job.commitSha()).abbreviated());
    model.addAttribute("attempts", attempts);
    model.addAttribute("copies", copies);
    model.addAttribute("stoppedBy", parts.stoppedBy(id).orElse(null));
    model.addAttribute("way", timeline);
    model.addAttribute(
        "picture", TimelinePicture.of(timeline, job.createdAt(), attempts, copies, words));
    model.addAttribute("preview", isReady(job) ? previews.of(new AppName(job.app()), id) : null);
    model.addAttribute("shown", attempt);
    return Page.of("console/build", request);
  }

  private boolean isReady(Job job) {
    return words.state(job).equals("READY");
  }
}
