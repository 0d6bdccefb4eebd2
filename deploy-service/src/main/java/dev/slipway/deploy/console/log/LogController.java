package dev.slipway.deploy.console.log;

import dev.slipway.common.log.BuildLogs;
import dev.slipway.common.problem.Problem;
import dev.slipway.deploy.console.Streams;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/** A build's output: how it grows, its lines, what is in it, and all of it to take away. */
@RestController
@RequestMapping("/builds/{id}")
class LogController {
  private static final MediaType TEXT = new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8);
  private static final MediaType HTML = new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8);

  private final LogStore jobs;
  private final BuildLogs logs;
  private final LogPages pages;
  private final LogSearch search;
  private final Streams streams;

  LogController(LogStore jobs, BuildLogs logs, LogPages pages, LogSearch search, Streams streams) {
    this.jobs = jobs;
    this.logs = logs;
    this.pages = pages;
    this.search = search;
    this.streams = streams;
  }

  /**
   * Follows a log: {@code log} with its {@link LogIndex.Extent} whenever it has grown, and {@code
   * end} when nothing more will come, or {@code away} with the reason when it cannot be read now.
   *
   * @param attempt none for the latest, and for those that come after it
   */
  @GetMapping(path = "/log/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  SseEmitter follow(
      @PathVariable long id, @RequestParam(required = false) @Nullable Integer attempt) {
    attemptOf(id, attempt);
    return streams.open(new LogFollower(jobs, pages, id, attempt));
  }

  /**
   * A page of {@value LogIndex#STEP} lines.
   *
   * @param from its first line, counted from 1
   */
  @GetMapping("/log/lines")
  ResponseEntity<String> lines(
      @PathVariable long id, @RequestParam int attempt, @RequestParam long from) {
    return ResponseEntity.ok().contentType(HTML).body(pages.page(id, attemptOf(id, attempt), from));
  }

  /** The lines that have a text. */
  @GetMapping("/log/search")
  ResponseEntity<LogSearch.Found> search(
      @PathVariable long id, @RequestParam int attempt, @RequestParam String q) {
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .body(search.find(id, attemptOf(id, attempt), q));
  }

  /**
   * A whole log, part by part, however long it is.
   *
   * @param attempt default: the latest
   */
  @GetMapping("/log.txt")
  ResponseEntity<StreamingResponseBody> download(
      @PathVariable long id, @RequestParam(required = false) @Nullable Integer attempt) {
    var wanted = attemptOf(id, attempt);
    var name =
        ContentDisposition.attachment().filename("build-%d-%d.txt".formatted(id, wanted)).build();
    return ResponseEntity.ok()
        .contentType(TEXT)
        .header(HttpHeaders.CONTENT_DISPOSITION, name.toString())
        .body(out -> {
          var at = 0L;
          for (var bytes = logs.read(id, wanted, at);
              bytes.length > 0;
              bytes = logs.read(id, wanted, at)) {
            out.write(bytes);
            at += bytes.length;
          }
        });
  }

  /** The attempt that is asked for; 1 where no worker has taken the build yet. */
  private int attemptOf(long build, @Nullable Integer asked) {
    var latest = jobs.find(build).orElseThrow(() -> Problem.notFound("build #" + build));
    var attempt = asked == null ? Math.max(1, latest) : asked;
    if (attempt < 1 || attempt > Math.max(1, latest)) {
      throw Problem.notFound("attempt " + attempt + " of build #" + build);
    }
    return attempt;
  }
}
