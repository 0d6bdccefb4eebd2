package dev.slipway.deploy.console;

import dev.slipway.common.loop.Changes;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter.SseEventBuilder;

/** Draws the grid of a deployment's machines: the whole of it once, then what turns. */
@RestController
class CellsController {
  /** Machines fall silent without anybody saying so. */
  private static final Duration LOOK = Duration.ofSeconds(15);

  /** What turns meanwhile is told in one. */
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final Streams streams;
  private final Changes consoleChanges;
  private final CellLooks looks;

  CellsController(Streams streams, Changes consoleChanges, CellLooks looks) {
    this.streams = streams;
    this.consoleChanges = consoleChanges;
    this.looks = looks;
  }

  /** Sends {@code cells} with all of them, then {@code turned} with those that have. */
  @GetMapping(path = "/deployments/{id}/cells", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  SseEmitter cells(@PathVariable long id) {
    looks.require(id);
    return streams.open(new Talk(id));
  }

  private final class Talk implements Streams.Talk {
    private final long deployment;
    private @Nullable Cells sent;
    private long seen;

    Talk(long deployment) {
      this.deployment = deployment;
      this.seen = consoleChanges.count();
    }

    @Override
    public boolean step(SseEmitter emitter) throws IOException, InterruptedException {
      var changed = consoleChanges.awaitAbove(seen, sent == null ? Duration.ZERO : LOOK);
      seen = consoleChanges.count();
      var now = changed ? looks.at(deployment, seen) : looks.anew(deployment, seen);
      emitter.send(news(sent, now));
      sent = now;
      Thread.sleep(PAUSE);
      return true;
    }

    private static SseEventBuilder news(@Nullable Cells sent, Cells now) {
      var turned = sent == null ? null : now.turnedSince(sent).orElse(null);
      if (turned == null) {
        return SseEmitter.event().name("cells").data(now, MediaType.APPLICATION_JSON);
      }
      return turned.isEmpty()
          ? SseEmitter.event().comment("still here")
          : SseEmitter.event().name("turned").data(turned, MediaType.APPLICATION_JSON);
    }
  }
}
