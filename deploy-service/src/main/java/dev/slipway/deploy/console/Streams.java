package dev.slipway.deploy.console;

import dev.slipway.common.problem.Problem;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.SmartLifecycle;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * The open server-sent event streams: a virtual thread each, at most so many, none longer than ten
 * minutes. Browsers come back by themselves, and show their session again. At shutdown they end
 * before the web server waits for its last requests.
 */
public final class Streams implements SmartLifecycle {
  private static final Duration LONGEST = Duration.ofMinutes(10);

  /** What a stream says. */
  @FunctionalInterface
  public interface Talk {
    /**
     * Waits for news and sends it, or a sign of life.
     *
     * @return whether there may be more
     */
    boolean step(SseEmitter emitter) throws IOException, InterruptedException;
  }

  private final int most;
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private volatile boolean running;

  /**
   * @param most streams at a time; who comes later gets 503 and is left with polling
   */
  Streams(int most, MeterRegistry meters) {
    this.most = most;
    meters.gaugeCollectionSize("slipway.console.streams", List.of(), threads);
  }

  /** Begins to talk; refused while there are too many streams. */
  public SseEmitter open(Talk talk) {
    var emitter = new SseEmitter(0L);
    var thread = Thread.ofVirtual().name("console-stream").unstarted(() -> run(emitter, talk));
    threads.add(thread);
    if (!running || threads.size() > most) {
      threads.remove(thread);
      throw new Problem(503, "too-many-streams", "the console has too many open streams");
    }
    emitter.onCompletion(thread::interrupt);
    emitter.onTimeout(thread::interrupt);
    emitter.onError(e -> thread.interrupt());
    thread.start();
    return emitter;
  }

  int size() {
    return threads.size();
  }

  private void run(SseEmitter emitter, Talk talk) {
    var end = System.nanoTime() + LONGEST.toNanos();
    try {
      var more = true;
      while (more && running && System.nanoTime() - end < 0) {
        more = talk.step(emitter);
      }
      emitter.complete();
    } catch (InterruptedException stopped) {
      emitter.complete();
    } catch (IOException | IllegalStateException gone) {
      // the browser left; the container ends the request
    } catch (RuntimeException failed) {
      emitter.completeWithError(failed);
    } finally {
      threads.remove(Thread.currentThread());
    }
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    threads.forEach(Thread::interrupt);
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
