package dev.slipway.deploy.console;

import dev.slipway.common.loop.Changes;
import java.time.Duration;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Tells open pages that something they may show has changed. */
@RestController
class LiveController {
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);
  private static final Duration PAUSE = Duration.ofMillis(250);
  private static final long RECONNECT_MILLIS = 1_000;

  private final Streams streams;
  private final Changes consoleChanges;

  LiveController(Streams streams, Changes consoleChanges) {
    this.streams = streams;
    this.consoleChanges = consoleChanges;
  }

  /** {@code changed} at once, so that nothing between page and stream is missed, and on changes. */
  @GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  SseEmitter events() {
    var seen = new long[] {consoleChanges.count() - 1};
    return streams.open(emitter -> {
      if (consoleChanges.awaitAbove(seen[0], HEARTBEAT)) {
        seen[0] = consoleChanges.count();
        emitter.send(
            SseEmitter.event().name("changed").data(seen[0]).reconnectTime(RECONNECT_MILLIS));
        // what changes meanwhile is told in one
        Thread.sleep(PAUSE);
      } else {
        emitter.send(SseEmitter.event().comment("still here"));
      }
      return true;
    });
  }
}
