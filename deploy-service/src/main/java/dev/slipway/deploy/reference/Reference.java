package dev.slipway.deploy.reference;

import dev.slipway.common.client.ServiceClient;
import dev.slipway.common.problem.Problem;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.client.RestClientException;
import tools.jackson.databind.JsonNode;

/**
 * The calls of all services. Each says them itself; what it said is kept for a minute, and one that
 * cannot be asked is shown without.
 */
public final class Reference {
  private static final Logger log = LoggerFactory.getLogger(Reference.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(3);
  private static final long KEPT_NANOS = Duration.ofMinutes(1).toNanos();

  private final Map<String, OpenApi> services = new TreeMap<>();
  private final Map<String, Kept> kept = new ConcurrentHashMap<>();
  private final LongSupplier nanos;

  /**
   * @param addresses where the services are, by name
   * @param nanos a clock for durations, as {@link System#nanoTime}
   */
  public Reference(Map<String, URI> addresses, LongSupplier nanos, MeterRegistry meters) {
    addresses.forEach((name, address) -> {
      if (!address.toString().isEmpty()) {
        services.put(name, ServiceClient.of(OpenApi.class, address, "none", TIMEOUT, meters));
      }
    });
    this.nanos = nanos;
  }

  /**
   * A service.
   *
   * @param reachable whether it answered; else it has no calls
   */
  public record Service(String name, boolean reachable, List<Call> calls) {}

  private record Kept(Service service, long atNanos) {}

  /** All of them, by name; asked at once. */
  public List<Service> services() throws InterruptedException {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      return threads
          .invokeAll(
              services.entrySet().stream()
                  .map(service ->
                      (Callable<Service>) () -> service(service.getKey(), service.getValue()))
                  .toList())
          .stream()
          .map(Future::resultNow)
          .toList();
    }
  }

  private Service service(String name, OpenApi api) {
    var before = kept.get(name);
    var now = nanos.getAsLong();
    if (before != null && now - before.atNanos() < KEPT_NANOS) {
      return before.service();
    }
    try {
      var found = new Service(name, true, calls(api.read()));
      kept.put(name, new Kept(found, now));
      return found;
    } catch (Problem | RestClientException away) {
      log.warn("{} does not say what its calls are: {}", name, away.toString());
      return new Service(name, false, List.of());
    }
  }

  private static List<Call> calls(JsonNode document) {
    return document
        .path("paths")
        .propertyStream()
        .flatMap(path ->
            path.getValue()
                .propertyStream()
                .map(operation ->
                    Call.of(document, path.getKey(), operation.getKey(), operation.getValue())))
        .toList();
  }
}
