package dev.slipway.deploy.console.log;

import dev.slipway.common.problem.Problem;
import dev.slipway.deploy.console.Streams;
import dev.slipway.deploy.console.log.LogIndex.Extent;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Tells how a log grows, not what it says: a page fetches the lines that somebody looks at. So a
 * reader that was away has lost nothing.
 */
final class LogFollower implements Streams.Talk {
  private static final Duration PAUSE = Duration.ofMillis(300);
  private static final int QUIET_PAUSES = 50;

  private final LogStore jobs;
  private final LogPages pages;
  private final long build;
  private final @Nullable Integer attempt;
  private @Nullable Extent told;
  private int quiet;

  /**
   * @param attempt none for the latest, and for those that come after it
   */
  LogFollower(LogStore jobs, LogPages pages, long build, @Nullable Integer attempt) {
    this.jobs = jobs;
    this.pages = pages;
    this.build = build;
    this.attempt = attempt;
  }

  @Override
  public boolean step(SseEmitter emitter) throws IOException, InterruptedException {
    // asked before the log is read: what an ended build printed is all there
    var latest = jobs.attempts(build);
    var grows = jobs.grows(build) && (attempt == null || attempt == latest);
    Extent now;
    try {
      now = pages.extent(build, attempt == null ? Math.max(1, latest) : attempt);
    } catch (Problem away) {
      emitter.send(SseEmitter.event().name("away").data(String.valueOf(away.getMessage())));
      return false;
    }
    if (!now.equals(told)) {
      told = now;
      quiet = 0;
      emitter.send(SseEmitter.event().name("log").data(now, MediaType.APPLICATION_JSON));
    } else if (grows && quiet++ % QUIET_PAUSES == 0) {
      emitter.send(SseEmitter.event().comment("still here"));
    }
    if (!grows) {
      emitter.send(SseEmitter.event().name("end").data(now, MediaType.APPLICATION_JSON));
      return false;
    }
    Thread.sleep(PAUSE);
    return true;
  }
}
