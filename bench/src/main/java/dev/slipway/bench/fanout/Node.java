package dev.slipway.bench.fanout;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.swarm.Dealer;
import dev.slipway.common.swarm.LibtorrentSwarm;
import dev.slipway.common.swarm.PieceWish;
import dev.slipway.common.swarm.Swarm;
import dev.slipway.common.swarm.Swarm.Meeting;
import dev.slipway.common.swarm.Swarm.Membership;
import dev.slipway.common.swarm.Ticket;
import dev.slipway.common.swarm.Torrent;
import dev.slipway.common.swarm.Tracker;
import dev.slipway.machine.artifact.DealtPieces;
import dev.slipway.machine.region.RegionHttp;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * One host's process: a machine that fetches, or an agent that has or fetches the artifact, keeps
 * the tracker of its circle and serves the artifact's bytes. It says {@code READY}, begins at the
 * line {@code GO}, says {@code DONE} with the artifact complete, and goes on sharing until its
 * input ends.
 */
@Command
final class Node implements Runnable {
  static final int PORT = 7000;
  static final int PEER_PORT = 7001;

  private static final Duration STALL = Duration.ofMinutes(5);
  private static final Pattern RANGE = Pattern.compile("bytes=([0-9]{1,18})-([0-9]{1,18})");

  @Option(names = "--ip")
  private String ip = "";

  @Option(names = "--folder")
  private Path folder = Path.of(".");

  @Option(names = "--torrent")
  private Path torrent = Path.of("torrent");

  /** Has the artifact from the start. */
  @Option(names = "--share")
  private boolean share;

  /** Keeps a tracker and serves what it has. */
  @Option(names = "--agent")
  private boolean agent;

  /** Keeps a tracker for others and takes no part itself. */
  @Option(names = "--tracker")
  private boolean trackerOnly;

  @Option(names = "--meet")
  private List<String> meet = new ArrayList<>();

  /** Takes the pieces that this agent deals. */
  @Option(names = "--dealer")
  private @Nullable String dealtBy;

  private final Dealer dealer = new Dealer();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final RegionHttp http = new RegionHttp("token", meters);
  private final Tracker tracker = new Tracker(Clock.systemUTC(), meters);

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Node()).execute(arguments));
  }

  @Override
  public void run() {
    try {
      var wanted = Torrent.parse(Files.readAllBytes(torrent));
      if (trackerOnly) {
        track(wanted);
      } else {
        take(wanted);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void track(Torrent torrent) throws IOException {
    serve(torrent, List.of());
    try (var input = input()) {
      System.out.println("READY");
      while (input.readLine() != null) {
        // until it ends
      }
    }
  }

  private void take(Torrent torrent) throws IOException, InterruptedException {
    try (var swarm = LibtorrentSwarm.start(ip, PEER_PORT)) {
      take(swarm, torrent);
    }
  }

  private static BufferedReader input() {
    return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
  }

  private void take(Swarm swarm, Torrent torrent) throws IOException, InterruptedException {
    var meeting =
        new Meeting(
            meet.stream()
                .map(host -> announce(host, ip))
                .map(circle -> dealtBy == null ? circle : PieceWish.dealtAt(circle))
                .toList(),
            List.of());
    if (agent) {
      serve(torrent, List.of(new InetSocketAddress(ip, PEER_PORT)));
    }
    poll();
    try (var input = input()) {
      try (var begun = share ? swarm.share(torrent, folder, meeting) : null) {
        System.out.println("READY");
        if (input.readLine() == null) {
          return;
        }
        if (begun != null) {
          input.readLine();
          return;
        }
        try (Membership joined = swarm.join(torrent, folder, meeting)) {
          complete(torrent, joined);
          System.out.println("DONE " + joined.bytesReceived());
          input.readLine();
        }
      }
    }
  }

  /** A machine that is told to fetch something has spoken with its agent before. */
  private void poll() throws IOException, InterruptedException {
    if (dealtBy != null) {
      http.get("poll", URI.create("http://%s:%d/poll".formatted(dealtBy, PORT)), 10);
    }
  }

  private void complete(Torrent torrent, Membership joined)
      throws IOException, InterruptedException {
    if (dealtBy == null) {
      joined.await(STALL);
      return;
    }
    var pieces = new DealtPieces(torrent, joined, http, artifact(dealtBy), n -> {}, meters).start();
    try {
      joined.await(STALL);
    } finally {
      pieces.close();
    }
  }

  static URI announce(String host, String member) {
    return URI.create("http://%s:%d/announce/%s".formatted(host, PORT, member));
  }

  static URI artifact(String host) {
    return URI.create("http://%s:%d/artifact".formatted(host, PORT));
  }

  private void serve(Torrent torrent, List<InetSocketAddress> residents) throws IOException {
    var server = HttpServer.create(new InetSocketAddress(ip, PORT), 256);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/announce/", exchange -> announce(exchange, torrent, residents));
    server.createContext("/artifact", exchange -> send(exchange, torrent));
    server.createContext("/poll", Node::answerPoll);
    server.createContext("/artifact/next", exchange -> deal(exchange, torrent));
    server.start();
  }

  /** The agent's own peer comes first in every answer, as a regional agent's does. */
  private void announce(HttpExchange exchange, Torrent torrent, List<InetSocketAddress> residents)
      throws IOException {
    try (exchange) {
      var path = exchange.getRequestURI().getPath();
      var ticket =
          new Ticket(new Sha256(torrent.name()), path.substring(path.lastIndexOf('/') + 1), "zone");
      var answer =
          tracker.announce(
              ticket,
              exchange.getRemoteAddress().getAddress(),
              exchange.getRequestURI().getRawQuery(),
              PieceWish.isDealt(exchange.getRequestURI().getRawQuery()) ? List.of() : residents);
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  private static void answerPoll(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(200, 2);
      exchange.getResponseBody().write("{}".getBytes(StandardCharsets.US_ASCII));
    }
  }

  private void deal(HttpExchange exchange, Torrent torrent) throws IOException {
    var query = new HashMap<String, String>();
    for (var field : exchange.getRequestURI().getQuery().split("&", -1)) {
      query.put(field.substring(0, field.indexOf('=')), field.substring(field.indexOf('=') + 1));
    }
    var wish =
        PieceWish.parse(
            torrent.size(),
            Integer.parseInt(query.getOrDefault("pieceLength", "")),
            query.getOrDefault("lacks", ""),
            Boolean.parseBoolean(query.get("again")));
    var piece = dealer.deal(new Sha256(torrent.name()), torrent.size(), wish);
    if (piece.isEmpty()) {
      try (exchange) {
        exchange.sendResponseHeaders(204, -1);
      }
    } else {
      var from = (long) piece.getAsInt() * torrent.pieceLength();
      var to = from + torrent.lengthOf(piece.getAsInt()) - 1;
      send(exchange, torrent, from, to);
    }
  }

  private void send(HttpExchange exchange, Torrent torrent) throws IOException {
    var range = RANGE.matcher(String.valueOf(exchange.getRequestHeaders().getFirst("Range")));
    if (range.matches()) {
      send(exchange, torrent, Long.parseLong(range.group(1)), Long.parseLong(range.group(2)));
    } else {
      send(exchange, torrent, 0, torrent.size() - 1);
    }
  }

  private void send(HttpExchange exchange, Torrent torrent, long from, long to) throws IOException {
    try (exchange;
        var file = new RandomAccessFile(folder.resolve(torrent.name()).toFile(), "r")) {
      var ranged = to - from + 1 < torrent.size();
      exchange
          .getResponseHeaders()
          .add("Content-Range", "bytes %d-%d/%d".formatted(from, to, torrent.size()));
      exchange.sendResponseHeaders(ranged ? 206 : 200, to - from + 1);
      file.seek(from);
      copy(file, to - from + 1, exchange.getResponseBody());
    }
  }

  private static void copy(RandomAccessFile file, long length, OutputStream out)
      throws IOException {
    var buffer = new byte[64 << 10];
    for (var left = length; left > 0; ) {
      var n = file.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (n < 0) {
        throw new IOException("the file is shorter than it was");
      }
      out.write(buffer, 0, n);
      left -= n;
    }
  }
}
