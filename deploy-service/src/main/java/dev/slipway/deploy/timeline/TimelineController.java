package dev.slipway.deploy.timeline;

import dev.slipway.common.problem.Problem;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Where the seconds of builds went, and whose budget is tight. */
@RestController
public class TimelineController {
  private final TimelineStore timelines;

  TimelineController(TimelineStore timelines) {
    this.timelines = timelines;
  }

  @GetMapping("/api/v1/builds/{id}/timeline")
  Timeline timeline(@PathVariable long id) {
    return timelines.of(id).orElseThrow(() -> Problem.notFound("build #" + id));
  }

  /** The builds under way that will miss their budget unless somebody does something, or have. */
  @GetMapping("/api/v1/timelines/tight")
  List<Timeline> tight() {
    return timelines.underWay().stream().filter(Timeline::isTight).toList();
  }
}
