package dev.slipway.region;

import dev.slipway.common.problem.Problem;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.client.RestClientException;

/**
 * Calls to the centre, which may be gone for long: says so once, waits longer and longer between
 * tries, and says once that it is back. For one loop alone.
 */
public final class Upstream {
  private static final Logger log = LoggerFactory.getLogger(Upstream.class);

  /** A call. */
  @FunctionalInterface
  public interface Call {
    void make() throws InterruptedException;
  }

  private final String name;
  private final MeterRegistry meters;
  private final Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));

  /**
   * @param name of what is asked for, as people know it
   */
  public Upstream(String name, MeterRegistry meters) {
    this.name = name;
    this.meters = meters;
  }

  /**
   * Makes a call; after one that fails it waits before it returns.
   *
   * @return whether it succeeded
   */
  public boolean call(Call call) throws InterruptedException {
    try {
      call.make();
      if (backoff.isFailing()) {
        log.info("The centre answers again: {}", name);
        backoff.succeeded();
      }
      return true;
    } catch (RestClientException | Problem e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      meters.counter("slipway.upstream.failures", "call", name).increment();
      if (!backoff.isFailing()) {
        log.warn("The centre does not answer, trying on: {}: {}", name, e.toString());
      }
      Thread.sleep(backoff.failed());
      return false;
    }
  }
}
