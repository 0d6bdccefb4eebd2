package dev.slipway.machine.artifact;

import dev.slipway.common.machine.Limits;
import dev.slipway.common.swarm.Swarm;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The machine's swarm, started when first needed: an agent with nothing to fetch or share does not
 * pay for the engine. Where there is no engine, everything goes by HTTP.
 */
public final class Swarms implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Swarms.class);

  private final Engine engine;
  private final BooleanSupplier platform;
  private final MeterRegistry meters;
  private @Nullable Boolean available;
  private @Nullable Swarm swarm;
  private boolean tls;
  private boolean closed;
  private Limits limits = Limits.NONE;

  /** The way to a peer. */
  @FunctionalInterface
  public interface Engine {
    /** Starts one that speaks TLS with its peers, or does not. */
    Swarm start(boolean tls);
  }

  /**
   * @param platform tells whether the engine runs here, which loads it, so it is asked when first
   *     needed; counted in {@code slipway.machine.swarm.engines}
   */
  public Swarms(BooleanSupplier platform, Engine engine, MeterRegistry meters) {
    this.platform = platform;
    this.engine = engine;
    this.meters = meters;
  }

  /**
   * The swarm, if there is one; one that did not start is tried again the next time.
   *
   * @param wantsTls as the region says; it is one or the other for the life of this process
   */
  synchronized Optional<Swarm> get(boolean wantsTls) {
    if (closed || !isAvailable()) {
      return Optional.empty();
    }
    if (swarm != null && tls != wantsTls) {
      log.warn(
          "The region's peers speak TLS: {}. This agent follows when it is restarted", wantsTls);
      return Optional.empty();
    }
    if (swarm == null) {
      try {
        swarm = engine.start(wantsTls);
        apply(swarm);
        tls = wantsTls;
      } catch (UncheckedIOException | IllegalStateException e) {
        log.warn("The swarm's engine does not start: artifacts are fetched by HTTP", e);
        return Optional.empty();
      }
    }
    return Optional.of(swarm);
  }

  /** Bounds the swarm, also one that starts later. */
  synchronized void limit(Limits wanted) {
    if (!wanted.equals(limits)) {
      limits = wanted;
      if (swarm != null) {
        apply(swarm);
      }
    }
  }

  private void apply(Swarm bounded) {
    bounded.limit(limits.downloadBytesPerSecond(), limits.uploadBytesPerSecond());
  }

  /** Whether there can be a swarm on this platform. */
  synchronized boolean isAvailable() {
    if (available == null) {
      available = platform.getAsBoolean();
      meters
          .counter("slipway.machine.swarm.engines", "available", available.toString())
          .increment();
      if (!available) {
        log.warn("The swarm's engine does not run on this platform: artifacts are fetched by HTTP");
      }
    }
    return available;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (swarm != null) {
      swarm.close();
    }
  }
}
