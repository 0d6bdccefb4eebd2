package dev.slipway.machine.region;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.slipway.common.app.AppName;
import dev.slipway.common.machine.AppReport;
import dev.slipway.common.machine.AppState;
import dev.slipway.common.machine.Assignment;
import dev.slipway.common.machine.Limits;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.machine.PollAnswer;
import dev.slipway.common.machine.Prefetch;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

@NullMarked
class PollLoopTest {
  private static final AppName APP = new AppName("hello");

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Board board = new Board();
  private final AtomicInteger answered = new AtomicInteger();

  /** A region that asks those who lose it to wait for a minute. */
  private HttpServer region() throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    var answer =
        JsonMapper.shared()
            .writeValueAsBytes(new PollAnswer(1, List.of(), 60, List.of(), Limits.NONE));
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
          }
          answered.incrementAndGet();
        });
    server.start();
    return server;
  }

  private PollLoop polls(HttpServer region) {
    var address = URI.create("http://127.0.0.1:" + region.getAddress().getPort());
    return new PollLoop(
            new PollLoop.Self(new MachineId("m1"), "z1", List.of()),
            List.of(address),
            new RegionHttp("m1:secret", meters),
            board,
            new Idle(),
            Clock.systemUTC(),
            meters)
        .start();
  }

  /** Does nothing of what it is asked for. */
  private static final class Idle implements PollLoop.Orders {
    @Override
    public void keepTo(Limits limits) {}

    @Override
    public void run(Assignment assignment) {}

    @Override
    public void haveAhead(Prefetch prefetch) {}
  }

  private void news(long revision) {
    board.put(new AppReport(APP, 1, 1L, AppState.RUNNING, revision, 1, 1, null, null));
  }

  private double failed() {
    var counter = meters.find("slipway.machine.requests").tag("outcome", "unreachable").counter();
    return counter == null ? 0 : counter.count();
  }

  private static void await(BooleanSupplier condition) {
    var end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("within a minute").isLessThan(end);
      pause();
    }
  }

  private static void pause() {
    LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
  }

  @Test
  void a_machine_that_has_lost_its_region_does_not_ask_more_often_for_its_news() throws Exception {
    var region = region();
    try (var polls = polls(region)) {
      news(1);
      await(() -> answered.get() >= 2);
      region.stop(0);
      for (var n = 2; failed() == 0 && n < 100_000; n++) {
        news(n);
        pause();
      }
      var lost = failed();
      assertThat(lost).isPositive();
      for (var n = 100_000; n < 100_300; n++) {
        news(n);
        pause();
      }
      // the poll, and one try to tell
      assertThat(failed() - lost).isLessThanOrEqualTo(2);
      assertThat(polls).isNotNull();
    }
  }
}
