package dev.slipway.queue.job;

import dev.slipway.common.access.Caller;
import dev.slipway.common.app.AppName;
import dev.slipway.common.job.JobMoves;
import dev.slipway.common.job.JobRepository;
import dev.slipway.common.job.JobStatus;
import dev.slipway.common.openapi.Refuses;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.problem.Problem;
import dev.slipway.common.trace.TraceParent;
import dev.slipway.queue.push.Enqueued;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Shows jobs and takes wishes about them. */
@RestController
@RequestMapping("/api/v1/jobs")
public final class JobController {
  private final JobPages pages;
  private final JobRepository jobs;
  private final AttemptStore attempts;
  private final JobMoves moves;
  private final JobRequests requests;

  JobController(
      JobPages pages,
      JobRepository jobs,
      AttemptStore attempts,
      JobMoves moves,
      JobRequests requests) {
    this.pages = pages;
    this.jobs = jobs;
    this.attempts = attempts;
    this.moves = moves;
    this.requests = requests;
  }

  /**
   * A page of jobs, newest first.
   *
   * @param after the last id of the page before
   * @param limit 1 to 200
   */
  @Operation(operationId = "listJobs", summary = "Lists builds, newest first, page by page")
  @GetMapping
  Jobs list(
      @RequestParam(required = false) @Nullable AppName app,
      @RequestParam(required = false) @Nullable JobStatus status,
      @RequestParam(defaultValue = "" + Long.MAX_VALUE) long after,
      @RequestParam(defaultValue = "50") @Schema(minimum = "1", maximum = "200") int limit) {
    InvalidInput.unless(limit >= 1 && limit <= 200, "limit", "must be 1 to 200");
    var page =
        pages.page(after, app == null ? null : app.value(), status, Limit.of(limit)).stream()
            .map(job -> JobView.of(job, null))
            .toList();
    return new Jobs(page, page.size() < limit ? null : page.getLast().id());
  }

  /**
   * A page.
   *
   * @param next what to send as {@code after}; none on the last page
   */
  record Jobs(List<JobView> jobs, @Nullable Long next) {}

  @Operation(operationId = "getJob", summary = "Shows a build with its attempts")
  @Refuses(status = 404, codes = "not-found")
  @GetMapping("/{id}")
  JobView get(@PathVariable long id) {
    var job = jobs.findById(id);
    if (job == null) {
      throw Problem.notFound("job " + id);
    }
    return JobView.of(job, attempts.of(id));
  }

  /**
   * 201 with a new job, 200 with the one that the commit had already.
   *
   * @param traceparent of which a new job becomes a part; passed over where it is not valid
   */
  @Operation(operationId = "requestJob", summary = "Has a commit built")
  @Refuses(status = 404, codes = "not-found")
  @PostMapping
  ResponseEntity<Enqueued> request(
      @RequestBody JobRequest wish,
      @RequestHeader(name = TraceParent.HEADER, required = false) @Nullable String traceparent,
      @AuthenticationPrincipal Caller caller) {
    var within = TraceParent.parse(traceparent).orElse(null);
    var job = requests.request(wish, caller, within);
    return ResponseEntity.status(job.duplicate() ? HttpStatus.OK : HttpStatus.CREATED).body(job);
  }

  /** 200 with the job CANCELLED, or 202 with it still RUNNING until its worker has stopped. */
  @Operation(operationId = "cancelJob", summary = "Cancels a build that waits or runs")
  @Refuses(status = 404, codes = "not-found")
  @Refuses(status = 409, codes = "illegal-move")
  @PostMapping("/{id}/cancel")
  ResponseEntity<JobView> cancel(@PathVariable long id, @AuthenticationPrincipal Caller caller) {
    var now = moves.cancel(id, caller);
    return ResponseEntity.status(now.isEnded() ? HttpStatus.OK : HttpStatus.ACCEPTED).body(get(id));
  }

  @Operation(
      operationId = "retryJob",
      summary = "Has a build that failed or was cancelled tried again")
  @Refuses(status = 404, codes = "not-found")
  @Refuses(status = 409, codes = "illegal-move")
  @PostMapping("/{id}/retry")
  JobView retry(@PathVariable long id, @AuthenticationPrincipal Caller caller) {
    moves.retry(id, caller);
    return get(id);
  }
}
