package dev.slipway.machine;

import com.sun.net.httpserver.HttpExchange;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.swarm.Dealer;
import dev.slipway.common.swarm.PieceWish;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.NullMarked;

/** A region's dealing of pieces, which stops in the midst of one and goes on when told to. */
@NullMarked
final class FakeDealer {
  private final Dealer dealer = new Dealer();
  private final AtomicInteger dealt = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final CountDownLatch goesOn = new CountDownLatch(1);
  private final int most;

  /**
   * @param most pieces before it stops
   */
  FakeDealer(int most) {
    this.most = most;
  }

  /** Bytes of artifacts that were sent. */
  long sent() {
    return bytes.get();
  }

  void goOn() {
    goesOn.countDown();
  }

  /** Answers {@code /artifacts/APP/SHA256/next?…}. */
  void answer(HttpExchange exchange, Map<String, byte[]> artifacts) throws IOException {
    try (exchange) {
      var path = exchange.getRequestURI().getPath();
      var address = path.substring(0, path.lastIndexOf('/'));
      var artifact = artifacts.get(address);
      if (artifact == null) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      var query = exchange.getRequestURI().getQuery().split("[=&]", -1);
      var length = Integer.parseInt(query[1]);
      var wish = PieceWish.parse(artifact.length, length, query[5], Boolean.parseBoolean(query[3]));
      var sha256 = new Sha256(address.substring(address.lastIndexOf('/') + 1));
      var piece = dealer.deal(sha256, artifact.length, wish);
      if (piece.isEmpty()) {
        exchange.sendResponseHeaders(204, -1);
      } else {
        send(exchange, artifact, piece.getAsInt() * length, length);
      }
    }
  }

  private void send(HttpExchange exchange, byte[] artifact, int from, int length)
      throws IOException {
    var n = Math.min(length, artifact.length - from);
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes %d-%d/%d".formatted(from, from + n - 1, artifact.length));
    exchange.sendResponseHeaders(206, n);
    var first = dealt.incrementAndGet() > most ? n / 2 : n;
    write(exchange, artifact, from, first);
    if (first < n) {
      awaitGo();
      write(exchange, artifact, from + first, n - first);
    }
  }

  private void write(HttpExchange exchange, byte[] artifact, int from, int length)
      throws IOException {
    exchange.getResponseBody().write(artifact, from, length);
    exchange.getResponseBody().flush();
    bytes.addAndGet(length);
  }

  private void awaitGo() {
    try {
      goesOn.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
