package dev.slipway.worker;

import com.sun.net.httpserver.HttpServer;
import dev.slipway.common.client.ServiceClient;
import dev.slipway.common.heartbeat.HeartbeatApi;
import dev.slipway.worker.job.Heartbeats;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullMarked;

/** A heartbeat-reaper on a real port that answers as it is told. */
@NullMarked
public final class FakeReaper implements AutoCloseable {
  private final HttpServer server;
  private final AtomicInteger beats = new AtomicInteger();
  private volatile int status = 200;
  private volatile String body = "{\"continue\": true, \"intervalSeconds\": 1}";

  public FakeReaper() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/api/v1/heartbeats",
        exchange -> {
          beats.incrementAndGet();
          exchange.getRequestBody().readAllBytes();
          var bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  /** From now on heartbeats are refused with 409 and this code. */
  public void refuse(String code) {
    body = "{\"status\": 409, \"code\": \"" + code + "\", \"detail\": \"test\"}";
    status = 409;
  }

  /** From now on heartbeats are answered with a server error. */
  public void breakDown() {
    body = "{}";
    status = 500;
  }

  public int beats() {
    return beats.get();
  }

  public URI url() {
    return URI.create("http://localhost:" + server.getAddress().getPort());
  }

  /** The real client, pointed here. */
  public Heartbeats heartbeats() {
    var meters = new SimpleMeterRegistry();
    return new Heartbeats(
        ServiceClient.of(HeartbeatApi.class, url(), "token", Duration.ofSeconds(5), meters),
        meters);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
