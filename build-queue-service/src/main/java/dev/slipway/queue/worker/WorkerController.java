package dev.slipway.queue.worker;

import dev.slipway.common.problem.InvalidInput;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Shows the workers. */
@RestController
@RequestMapping("/api/v1/workers")
public final class WorkerController {
  private final WorkerStore workers;

  WorkerController(WorkerStore workers) {
    this.workers = workers;
  }

  /**
   * A page of the workers that were heard of within a day, by name.
   *
   * @param after the last name of the page before
   * @param limit 1 to 200
   */
  @Operation(operationId = "listWorkers", summary = "Lists the build workers by name, page by page")
  @GetMapping
  Workers list(
      @RequestParam(defaultValue = "") String after,
      @RequestParam(defaultValue = "200") @Schema(minimum = "1", maximum = "200") int limit) {
    InvalidInput.unless(limit >= 1 && limit <= 200, "limit", "must be 1 to 200");
    var page = workers.page(after, limit);
    return new Workers(page, page.size() < limit ? null : page.getLast().name());
  }

  /**
   * A page.
   *
   * @param next what to send as {@code after}; none on the last page
   */
  record Workers(List<WorkerView> workers, @Nullable String next) {}
}
