package dev.slipway.common.rate;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A token bucket a caller, in memory, of this instance alone. So many callers are remembered as
 * called last; one that is forgotten begins anew.
 */
public final class CallerLimits {
  private static final int MOST_CALLERS = 10_000;

  private final RateProperties limits;
  private final LongSupplier nanos;
  private final MeterRegistry meters;
  private final Map<String, TokenBucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, TokenBucket> eldest) {
          return size() > MOST_CALLERS;
        }
      };

  /**
   * @param nanos a clock for durations, as {@link System#nanoTime}
   * @param meters get {@code slipway.rate.limited} by kind of caller
   */
  public CallerLimits(RateProperties limits, LongSupplier nanos, MeterRegistry meters) {
    this.limits = limits;
    this.nanos = nanos;
    this.meters = meters;
  }

  /**
   * Counts a call with a token.
   *
   * @return how long to wait before the next; zero where this one may go on
   */
  public Duration person(String name) {
    return draw("token", name, limits.perSecond(), limits.burst());
  }

  /** Counts a call without a valid one. */
  public Duration stranger(String address) {
    return draw("address", address, limits.anonymousPerSecond(), limits.anonymousBurst());
  }

  private Duration draw(String kind, String caller, int perSecond, int burst) {
    var now = nanos.getAsLong();
    var wait = bucket(kind + ":" + caller, perSecond, burst, now).drawIfThere(now);
    if (wait > 0) {
      meters.counter("slipway.rate.limited", "caller", kind).increment();
    }
    return Duration.ofNanos(wait);
  }

  private TokenBucket bucket(String key, int perSecond, int burst, long now) {
    synchronized (buckets) {
      return buckets.computeIfAbsent(
          key, k -> new TokenBucket(perSecond, TimeUnit.SECONDS.toNanos(burst) / perSecond, now));
    }
  }
}
