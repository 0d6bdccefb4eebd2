package dev.slipway.queue.job;

import dev.slipway.common.problem.Problem;
import dev.slipway.queue.job.LogFollower.Place;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
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

  private final LogStore logs;
  private final LogFollower follower;

  LogController(LogStore logs, LogFollower follower) {
    this.logs = logs;
    this.follower = follower;
  }

  /**
   * An attempt's output as plain text.
   *
   * @param attempt default: the latest
   */
  @GetMapping("/api/v1/jobs/{id}/log")
  void read(
      @PathVariable long id,
      @RequestParam(required = false) @Nullable Integer attempt,
      HttpServletResponse response)
      throws IOException {
    var latest = attemptOf(id);
    if (attempt != null && (attempt < 1 || attempt > latest)) {
      throw Problem.notFound("attempt " + attempt + " of job " + id);
    }
    start(response, MediaType.TEXT_PLAIN_VALUE);
    var shown = attempt == null ? latest : attempt;
    var out = response.getWriter();
    for (var parts = logs.parts(id, shown, -1);
        !parts.isEmpty() && !out.checkError();
        parts = logs.parts(id, shown, parts.getLast().part())) {
      parts.forEach(part -> out.write(part.content()));
    }
  }

  /** The latest attempt's output, and that of later ones, as server-sent events until the end. */
  @GetMapping(path = "/api/v1/jobs/{id}/log", params = "follow=true")
  void follow(
      @PathVariable long id,
      @RequestHeader(name = "Last-Event-ID", defaultValue = "") String lastEventId,
      HttpServletResponse response)
      throws InterruptedException {
    attemptOf(id);
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

  private int attemptOf(long job) {
    return logs.progress(job).orElseThrow(() -> Problem.notFound("job " + job)).attempt();
  }

  private static void start(HttpServletResponse response, String type) {
    response.setContentType(type);
    response.setCharacterEncoding(StandardCharsets.UTF_8);
    response.setHeader("Cache-Control", "no-store");
  }
}
