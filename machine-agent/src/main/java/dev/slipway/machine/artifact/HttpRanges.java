package dev.slipway.machine.artifact;

import dev.slipway.common.delta.RangeFetch;
import dev.slipway.common.delta.Span;
import dev.slipway.machine.region.RegionHttp;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.function.IntConsumer;

/**
 * Ranges of an artifact from the region; a connection that goes silent is closed.
 *
 * @param pace told the bytes that came; waits where they came too fast
 */
record HttpRanges(RegionHttp http, URI artifact, long size, Duration stall, IntConsumer pace)
    implements RangeFetch.Source {
  private static final int LONGEST_RETRY_DIGITS = 4;

  @Override
  public InputStream open(Span span) throws IOException, InterruptedException {
    var response = http.open(artifact, span.from(), span.length());
    try {
      check(span, response);
      return new Guarded(response.body(), new StallGuard(response.body(), stall), pace);
    } catch (IOException | RuntimeException e) {
      response.body().close();
      throw e;
    }
  }

  private void check(Span span, HttpResponse<InputStream> response) throws IOException {
    if (response.statusCode() == 503) {
      throw new RangeFetch.Busy(retryAfter(response));
    }
    var expected = "bytes %d-%d/%d".formatted(span.from(), span.end() - 1, size);
    var range = response.headers().firstValue("Content-Range").orElse("");
    if (response.statusCode() != 206 || !range.equals(expected)) {
      throw new IOException(
          "%s answered %d '%s' where %s was asked for"
              .formatted(artifact.getPath(), response.statusCode(), range, expected));
    }
  }

  private static Duration retryAfter(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("Retry-After")
        .filter(seconds -> seconds.matches("\\d{1," + LONGEST_RETRY_DIGITS + "}"))
        .map(seconds -> Duration.ofSeconds(Integer.parseInt(seconds)))
        .orElse(Duration.ZERO);
  }

  private static final class Guarded extends FilterInputStream {
    private final StallGuard guard;

    Guarded(InputStream in, StallGuard guard, IntConsumer pace) {
      super(guard.watch(in, pace));
      this.guard = guard;
    }

    @Override
    public void close() throws IOException {
      guard.close();
      super.close();
    }
  }
}
