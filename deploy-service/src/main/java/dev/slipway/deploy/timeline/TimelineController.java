package dev.slipway.deploy.timeline;

import dev.slipway.common.openapi.Refuses;
import dev.slipway.common.page.Page;
import dev.slipway.common.problem.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Comparator;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Where the seconds of builds went, and whose budget is tight. */
@RestController
public class TimelineController {
  private static final int MOST = 200;

  private final TimelineStore timelines;

  TimelineController(TimelineStore timelines) {
    this.timelines = timelines;
  }

  @Operation(operationId = "getTimeline", summary = "Tells where the seconds of a build went")
  @Refuses(status = 404, codes = "not-found")
  @GetMapping("/api/v1/builds/{id}/timeline")
  Timeline timeline(@PathVariable long id) {
    return timelines.of(id).orElseThrow(() -> Problem.notFound("build #" + id));
  }

  /**
   * A page of the builds under way that will miss their budget unless somebody does something, or
   * have; by their ids.
   *
   * @param after the last build of the page before
   * @param limit 1 to 200
   */
  @Operation(operationId = "listTight", summary = "Lists the builds that will miss their budget")
  @GetMapping("/api/v1/timelines/tight")
  ResponseEntity<List<Timeline>> tight(
      @RequestParam(defaultValue = "0") long after,
      @RequestParam(defaultValue = "200") @Schema(minimum = "1", maximum = "200") int limit) {
    Page.requireLimit(limit, MOST);
    var page =
        timelines.underWay().stream()
            .filter(timeline -> timeline.isTight() && timeline.build() > after)
            .sorted(Comparator.comparingLong(Timeline::build))
            .limit(limit)
            .toList();
    return Page.of(page, limit, timeline -> String.valueOf(timeline.build()));
  }
}
