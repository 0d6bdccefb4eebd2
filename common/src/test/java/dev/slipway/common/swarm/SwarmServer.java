package dev.slipway.common.swarm;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.problem.Problem;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.NullMarked;

/** What a swarm needs besides peers, on loopback: a tracker, and a web seed of a folder's files. */
@NullMarked
public final class SwarmServer implements AutoCloseable {
  private static final String TOKEN = "web-seed-token";

  private final HttpServer server;
  private final Path folder;
  private final AnnounceKeys keys;
  private final Tracker tracker;
  private final Dealer dealer = new Dealer();
  private final List<Integer> dealt = new CopyOnWriteArrayList<>();
  private final AtomicLong served = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();

  public SwarmServer(Path folder) throws IOException {
    this.folder = folder;
    this.keys = new AnnounceKeys("a secret of the tests, quite long enough", Clock.systemUTC());
    this.tracker = new Tracker(Clock.systemUTC(), new SimpleMeterRegistry());
    this.server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/announce/", this::announce);
    server.createContext("/artifacts/", this::artifact);
    server.start();
  }

  private URI base() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Where pieces of an artifact are dealt. */
  public URI dealer(Torrent torrent) {
    return URI.create(base() + "/artifacts/" + torrent.name());
  }

  /** Meeting through the tracker alone. */
  public Swarm.Meeting tracker(Torrent torrent, String member) {
    var address = keys.address(base(), new Sha256(torrent.name()), member, "zone");
    return new Swarm.Meeting(List.of(address), List.of());
  }

  /** The web seed alone. */
  public Swarm.Meeting webSeed(Torrent torrent, String token) {
    var address = URI.create(base() + "/artifacts/" + torrent.name());
    return new Swarm.Meeting(List.of(), List.of(new Swarm.WebSeed(address, token)));
  }

  /** Both. */
  public Swarm.Meeting both(Torrent torrent, String member) {
    return new Swarm.Meeting(
        tracker(torrent, member).trackers(), webSeed(torrent, TOKEN).webSeeds());
  }

  /** Tells the tracker of somebody who lacks everything and listens there. */
  void enter(Torrent torrent, String member, int port) {
    var ticket = new Ticket(new Sha256(torrent.name()), member, "zone");
    var ids = "info_hash=" + "%aa".repeat(20) + "&peer_id=-XX0000-123456789012";
    tracker.announce(
        ticket, InetAddress.getLoopbackAddress(), ids + "&left=1&port=" + port, List.of());
  }

  public String token() {
    return TOKEN;
  }

  /** The pieces that were dealt, in turn. */
  public List<Integer> dealt() {
    return List.copyOf(dealt);
  }

  /** Bytes that the web seed sent. */
  public long served() {
    return served.get();
  }

  /** Requests that the web seed refused for want of the token. */
  public long refused() {
    return refused.get();
  }

  private void announce(HttpExchange exchange) throws IOException {
    try (exchange) {
      var key = exchange.getRequestURI().getPath().substring("/announce/".length());
      var body =
          tracker.announce(
              keys.check(key),
              exchange.getRemoteAddress().getAddress(),
              exchange.getRequestURI().getRawQuery(),
              List.of());
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    } catch (Problem problem) {
      exchange.sendResponseHeaders(problem.status(), -1);
    }
  }

  private void artifact(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        refused.incrementAndGet();
        exchange.sendResponseHeaders(401, -1);
        return;
      }
      var name = exchange.getRequestURI().getPath().substring("/artifacts/".length());
      if (name.endsWith("/next")) {
        deal(exchange, name.substring(0, name.length() - "/next".length()));
        return;
      }
      var range = exchange.getRequestHeaders().getFirst("Range").substring("bytes=".length());
      var dash = range.indexOf('-');
      var from = Long.parseLong(range.substring(0, dash));
      var to = Long.parseLong(range.substring(dash + 1));
      send(exchange, name, from, to);
    }
  }

  private void deal(HttpExchange exchange, String name) throws IOException {
    var query = exchange.getRequestURI().getQuery().split("[=&]", -1);
    var size = Files.size(folder.resolve(name));
    var length = Integer.parseInt(query[1]);
    var wish = PieceWish.parse(size, length, query[5], Boolean.parseBoolean(query[3]));
    var piece = dealer.deal(new Sha256(name), size, wish);
    if (piece.isEmpty()) {
      exchange.sendResponseHeaders(204, -1);
    } else {
      dealt.add(piece.getAsInt());
      var from = (long) piece.getAsInt() * length;
      send(exchange, name, from, Math.min(from + length, size) - 1);
    }
  }

  private void send(HttpExchange exchange, String name, long from, long to) throws IOException {
    try (var file = new RandomAccessFile(folder.resolve(name).toFile(), "r")) {
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes " + from + "-" + to + "/" + file.length());
      var bytes = new byte[(int) (to - from + 1)];
      file.seek(from);
      file.readFully(bytes);
      exchange.sendResponseHeaders(206, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
    served.addAndGet(to - from + 1);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
