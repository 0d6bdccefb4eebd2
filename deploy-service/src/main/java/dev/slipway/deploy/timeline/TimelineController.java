package dev.slipway.deploy;

import dev.slipway.common.problem.Problem;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Where a build's seconds went. */
@RestController
public class TimelineController {
  private final TimelineStore timelines;

  TimelineController(TimelineStore timelines) {
    this.timelines = timelines;
  }

  @GetMapping("/api/v1/builds/{id}/timeline")
  List<TimelineStore.Stage> timeline(@PathVariable long id) {
    return timelines.of(id).orElseThrow(() -> Problem.notFound("build #" + id));
  }
}
