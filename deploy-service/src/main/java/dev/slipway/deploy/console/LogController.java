package dev.slipway.deploy.console;

import dev.slipway.common.job.JobRepository;
import dev.slipway.common.problem.Problem;
import dev.slipway.deploy.console.LogReader.Place;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/** A build's output: live, and as it was printed. */
@RestController
@RequestMapping("/builds/{id}")
class LogController {
  private static final Duration PAUSE = Duration.ofMillis(300);
  private static final int QUIET_PAUSES = 50;

  private final JobRepository jobs;
  private final LogReader logs;
  private final Streams streams;

  LogController(JobRepository jobs, LogReader logs, Streams streams) {
    this.jobs = jobs;
    this.logs = logs;
    this.streams = streams;
  }

  /**
   * Follows a log: {@code log} with HTML, and {@code end} when nothing more will come.
   *
   * @param after the place that the page has read to; a browser that comes back names its own
   */
  @GetMapping(path = "/log/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  SseEmitter follow(
      @PathVariable long id,
      @RequestParam(defaultValue = "") String after,
      @RequestHeader(name = "Last-Event-ID", defaultValue = "") String lastSeen) {
    mustExist(id);
    return streams.open(new Follower(id, Place.of(lastSeen.isEmpty() ? after : lastSeen)));
  }

  /** The whole log, part by part, however long it is. */
  @GetMapping("/log.txt")
  ResponseEntity<StreamingResponseBody> raw(@PathVariable long id) {
    mustExist(id);
    return ResponseEntity.ok()
        .contentType(new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8))
        .body(out -> {
          for (var part = logs.after(id, Place.START);
              part.isPresent();
              part = logs.after(id, part.get().place())) {
            out.write(part.get().content().getBytes(StandardCharsets.UTF_8));
          }
        });
  }

  private void mustExist(long id) {
    if (jobs.findById(id) == null) {
      throw Problem.notFound("build #" + id);
    }
  }

  /** Reads on from where it is. */
  private final class Follower implements Streams.Talk {
    private final long build;
    private final LogHtml html;
    private Place place;
    private int quiet;

    Follower(long build, Place place) {
      this.build = build;
      this.place = place;
      this.html = new LogHtml(place.attempt());
    }

    @Override
    public boolean step(SseEmitter emitter) throws IOException, InterruptedException {
      // asked before the log is read: what an ended build printed is all there
      var grows = logs.grows(build);
      var part = logs.after(build, place);
      if (part.isEmpty()) {
        return waitForMore(emitter, grows);
      }
      place = part.get().place();
      send(emitter, html.add(part.get()));
      quiet = 0;
      return true;
    }

    /** The last chunk names the place, so that a cut connection loses none of a part. */
    private void send(SseEmitter emitter, List<LogHtml.Chunk> chunks) throws IOException {
      for (var i = 0; i < chunks.size(); i++) {
        var event = SseEmitter.event().name("log").data(chunks.get(i), MediaType.APPLICATION_JSON);
        emitter.send(i < chunks.size() - 1 ? event : event.id(place.toString()));
      }
    }

    private boolean waitForMore(SseEmitter emitter, boolean grows)
        throws IOException, InterruptedException {
      if (!grows) {
        emitter.send(SseEmitter.event().name("end").data(place.toString()));
        return false;
      }
      if (quiet++ % QUIET_PAUSES == 0) {
        emitter.send(SseEmitter.event().comment("still here"));
      }
      Thread.sleep(PAUSE);
      return true;
    }
  }
}
