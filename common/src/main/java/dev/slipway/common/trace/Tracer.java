package dev.slipway.common.trace;

import dev.slipway.common.loop.Loop;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells spans to a collector, off the way of who made them. Nobody waits for it: what the collector
 * does not take after some tries, or what comes faster than it takes, is lost, and counted.
 */
public final class Tracer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Tracer.class);

  private static final int MOST_WAITING = 20_000;
  private static final int MOST_AT_ONCE = 1_000;
  private static final int TRIES = 3;
  private static final int FIRST_PAUSE_MILLIS = 500;
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration REQUEST = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final BlockingQueue<Span> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final URI collector;
  private final HttpClient http;
  private final Loop loop;
  private final Counter sent;
  private final Counter lost;

  private Tracer(URI collector, MeterRegistry meters) {
    this.collector = collector;
    this.http = HttpClient.newBuilder().connectTimeout(CONNECT).build();
    this.sent = meters.counter("slipway.tracing.spans", "outcome", "sent");
    this.lost = meters.counter("slipway.tracing.spans", "outcome", "lost");
    this.loop = new Loop("traces", PAUSE, this::runOnce, meters);
  }

  /**
   * A tracer that works from now on.
   *
   * @param collector takes OTLP over HTTP, as JSON: {@code http://host:4318/v1/traces}
   * @param meters gets {@code slipway.tracing.spans} by {@code outcome}: sent, lost
   */
  public static Tracer to(URI collector, MeterRegistry meters) {
    var tracer = new Tracer(collector, meters);
    tracer.loop.start();
    return tracer;
  }

  /** Takes a span. Returns at once. */
  public void tell(Span span) {
    if (!waiting.offer(span)) {
      lost.increment();
    }
  }

  /** Sends what waits; says whether there may be more. */
  boolean runOnce() throws InterruptedException {
    var spans = new ArrayList<Span>();
    waiting.drainTo(spans, MOST_AT_ONCE);
    if (spans.isEmpty()) {
      return false;
    }
    @Nullable String refusal;
    try {
      refusal = send(spans);
    } catch (InterruptedException closing) {
      // whoever closes it sends them
      spans.forEach(this::tell);
      throw closing;
    }
    if (refusal == null) {
      sent.increment(spans.size());
    } else {
      lost.increment(spans.size());
      log.warn("{} spans are lost: {} {}", spans.size(), collector, refusal);
    }
    return spans.size() == MOST_AT_ONCE;
  }

  /** What came of it; null if it was taken. */
  private @Nullable String send(List<Span> spans) throws InterruptedException {
    var request =
        HttpRequest.newBuilder(collector)
            .timeout(REQUEST)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(Otlp.request(spans)))
            .build();
    for (var tries = 1; ; tries++) {
      var refusal = tried(request);
      if (refusal == null || tries == TRIES) {
        return refusal;
      }
      var longest = FIRST_PAUSE_MILLIS << tries;
      TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(longest / 2, longest));
    }
  }

  private @Nullable String tried(HttpRequest request) throws InterruptedException {
    try {
      var status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      return status / 100 == 2 ? null : "answered " + status;
    } catch (IOException e) {
      return "did not answer: " + e;
    }
  }

  /** Sends what waits once more, and ends. */
  @Override
  public void close() {
    loop.close();
    try {
      while (runOnce()) {
        // the next thousand
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    http.close();
  }
}
