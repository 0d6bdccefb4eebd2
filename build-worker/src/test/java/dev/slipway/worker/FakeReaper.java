package dev.slipway.worker;

import com.sun.net.httpserver.HttpServer;
import dev.slipway.common.client.ServiceClient;
import dev.slipway.common.heartbeat.HeartbeatApi;
import dev.slipway.worker.job.Heartbeats;
import dev.slipway.worker.job.Slots;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullMarked;
import tools.jackson.databind.json.JsonMapper;

/** A heartbeat-reaper on a real port that answers as it is told. */
@NullMarked
public final class FakeReaper implements AutoCloseable {
  private final HttpServer server;
  private final AtomicInteger beats = new AtomicInteger();
  private volatile int status = 200;
  private volatile String ended = "none";

  public FakeReaper() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/api/v1/heartbeats",
        exchange -> {
          beats.incrementAndGet();
          var holds = JsonMapper.shared().readTree(exchange.getRequestBody()).path("holds");
          var jobs = new ArrayList<Long>();
          holds.forEach(held -> jobs.add(held.path("job").asLong()));
          var body = Map.of("intervalSeconds", 1, ended, jobs);
          var bytes = JsonMapper.shared().writeValueAsBytes(body);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  /** From now on all that a worker holds is {@code lost} or {@code cancelled}. */
  public void end(String how) {
    ended = how;
  }

  /** From now on heartbeats are answered with a server error. */
  public void breakDown() {
    status = 500;
  }

  public int beats() {
    return beats.get();
  }

  public URI url() {
    return URI.create("http://localhost:" + server.getAddress().getPort());
  }

  /** The real client, pointed here. */
  public Heartbeats heartbeats(Slots slots) {
    var meters = new SimpleMeterRegistry();
    return new Heartbeats(
        ServiceClient.of(HeartbeatApi.class, url(), "token", Duration.ofSeconds(5), meters),
        slots,
        meters);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
