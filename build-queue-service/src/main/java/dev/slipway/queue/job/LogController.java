package dev.slipway.queue.job;

import dev.slipway.common.log.BuildLogs;
import dev.slipway.common.openapi.Refuses;
import dev.slipway.common.problem.Problem;
import dev.slipway.queue.job.LogFollower.Place;
import dev.slipway.queue.job.ProgressStore.Progress;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Shows what builds print. Threads are virtual, so a reader may keep one as long as it reads. */
@RestController
public final class LogController {
  private static final Logger log = LoggerFactory.getLogger(LogController.class);

  private final ProgressStore jobs;
  private final BuildLogs logs;
  private final LogFollower follower;

  LogController(ProgressStore jobs, BuildLogs logs, LogFollower follower) {
    this.jobs = jobs;
    this.logs = logs;
    this.follower = follower;
  }

  /**
   * An attempt's output as plain text, as far as it is there; one range of its bytes where asked.
   *
   * @param attempt default: the latest
   */
  @Operation(operationId = "readLog", summary = "Reads what a build printed; whole, or a range")
  @ApiResponse(responseCode = "200", content = @Content(mediaType = "text/plain"))
  @ApiResponse(responseCode = "206", content = @Content(mediaType = "text/plain"))
  @Refuses(status = 404, codes = "not-found")
  @Refuses(status = 416, codes = "range")
  @Refuses(
      status = 503,
      codes = {"busy", "log-away"})
  @GetMapping("/api/v1/jobs/{id}/log")
  void read(
      @PathVariable long id,
      @RequestParam(required = false) @Nullable Integer attempt,
      @RequestHeader(name = "Range", required = false) @Nullable String asked,
      HttpServletResponse response)
      throws IOException {
    var now = progressOf(id);
    if (attempt != null && (attempt < 1 || attempt > now.attempt())) {
      throw Problem.notFound("attempt " + attempt + " of job " + id);
    }
    var shown = attempt == null ? now.attempt() : attempt;
    var length = logs.length(id, shown);
    var range = LogRange.of(asked, length);
    if (range.isPresent()) {
      // while it grows nobody knows how long it will be
      partial(range.get(), length, now.grows(shown) ? "*" : String.valueOf(length), response);
    }
    var bytes = range.orElse(LogRange.whole(length));
    start(response, MediaType.TEXT_PLAIN_VALUE);
    response.setHeader("Accept-Ranges", "bytes");
    response.setContentLengthLong(bytes.length());
    try {
      send(id, shown, bytes, response.getOutputStream());
    } catch (Problem away) {
      if (!response.isCommitted()) {
        response.reset();
      }
      throw away;
    }
  }

  private static void partial(
      LogRange range, long length, String total, HttpServletResponse response) {
    if (!range.isSatisfiable(length)) {
      response.setHeader("Content-Range", "bytes */" + length);
      throw new Problem(
          416, "range", "the log has %d bytes: the range is behind its end".formatted(length));
    }
    response.setStatus(HttpServletResponse.SC_PARTIAL_CONTENT);
    response.setHeader(
        "Content-Range", "bytes %d-%d/%s".formatted(range.first(), range.last(), total));
  }

  private void send(long job, int attempt, LogRange range, OutputStream out) throws IOException {
    var at = range.first();
    while (at <= range.last()) {
      var bytes = logs.read(job, attempt, at);
      if (bytes.length == 0) {
        throw new EOFException("the log of job %d ends at %d".formatted(job, at));
      }
      var count = (int) Math.min(bytes.length, range.last() - at + 1);
      out.write(bytes, 0, count);
      at += count;
    }
  }

  /** The latest attempt's output, and that of later ones, as server-sent events until the end. */
  @Hidden // the same path with follow=true: OpenAPI knows one operation a path
  @GetMapping(path = "/api/v1/jobs/{id}/log", params = "follow=true")
  void follow(
      @PathVariable long id,
      @RequestHeader(name = "Last-Event-ID", defaultValue = "") String lastEventId,
      HttpServletResponse response)
      throws InterruptedException {
    progressOf(id);
    try {
      follower.follow(id, Place.of(lastEventId), () -> open(response));
    } catch (IOException gone) {
      // the usual end: people close the page
      log.debug("The reader of the log of job {} has gone", id);
    }
  }

  private static Writer open(HttpServletResponse response) throws IOException {
    start(response, MediaType.TEXT_EVENT_STREAM_VALUE);
    response.setHeader("X-Accel-Buffering", "no");
    // the response's own writer would keep a lost connection to itself
    return new OutputStreamWriter(response.getOutputStream(), StandardCharsets.UTF_8);
  }

  private Progress progressOf(long job) {
    return jobs.progress(job).orElseThrow(() -> Problem.notFound("job " + job));
  }

  private static void start(HttpServletResponse response, String type) {
    response.setContentType(type);
    response.setCharacterEncoding(StandardCharsets.UTF_8);
    response.setHeader("Cache-Control", "no-store");
  }
}
