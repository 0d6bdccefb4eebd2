package dev.slipway.machine.artifact;

import dev.slipway.common.swarm.Swarm;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The machine's swarm, started when first needed: an agent with nothing to fetch or share does not
 * pay for the engine. Where there is no engine, everything goes by HTTP.
 */
public final class Swarms implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Swarms.class);

  private final Supplier<Swarm> engine;
  private final boolean available;
  private @Nullable Swarm swarm;
  private boolean closed;

  /**
   * @param available whether the engine runs on this platform; counted in {@code
   *     slipway.machine.swarm.engines}
   */
  public Swarms(boolean available, Supplier<Swarm> engine, MeterRegistry meters) {
    this.available = available;
    this.engine = engine;
    meters
        .counter("slipway.machine.swarm.engines", "available", Boolean.toString(available))
        .increment();
    if (!available) {
      log.warn("The swarm's engine does not run on this platform: artifacts are fetched by HTTP");
    }
  }

  /** The swarm, if there is one; one that did not start is tried again the next time. */
  synchronized Optional<Swarm> get() {
    if (!available || closed) {
      return Optional.empty();
    }
    if (swarm == null) {
      try {
        swarm = engine.get();
      } catch (UncheckedIOException | IllegalStateException e) {
        log.warn("The swarm's engine does not start: artifacts are fetched by HTTP", e);
        return Optional.empty();
      }
    }
    return Optional.of(swarm);
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (swarm != null) {
      swarm.close();
    }
  }
}
