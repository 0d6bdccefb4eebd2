package dev.slipway.bench.fanout;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.swarm.LibtorrentSwarm;
import dev.slipway.common.swarm.Swarm;
import dev.slipway.common.swarm.Swarm.Meeting;
import dev.slipway.common.swarm.Swarm.Membership;
import dev.slipway.common.swarm.Swarm.WebSeed;
import dev.slipway.common.swarm.Ticket;
import dev.slipway.common.swarm.Torrent;
import dev.slipway.common.swarm.Tracker;
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
import java.util.List;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
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

  @Option(names = "--seed")
  private List<String> seeds = new ArrayList<>();

  private final Tracker tracker = new Tracker(Clock.systemUTC(), new SimpleMeterRegistry());

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
            meet.stream().map(host -> announce(host, ip)).toList(),
            seeds.stream().map(host -> new WebSeed(artifact(host), "token")).toList());
    if (agent) {
      serve(torrent, List.of(new InetSocketAddress(ip, PEER_PORT)));
    }
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
          joined.await(STALL);
          System.out.println("DONE " + joined.bytesReceived());
          input.readLine();
        }
      }
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
              residents);
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  private void send(HttpExchange exchange, Torrent torrent) throws IOException {
    try (exchange;
        var file = new RandomAccessFile(folder.resolve(torrent.name()).toFile(), "r")) {
      var range = RANGE.matcher(String.valueOf(exchange.getRequestHeaders().getFirst("Range")));
      var ranged = range.matches();
      var from = ranged ? Long.parseLong(range.group(1)) : 0;
      var to = ranged ? Long.parseLong(range.group(2)) : torrent.size() - 1;
      if (ranged) {
        exchange
            .getResponseHeaders()
            .add("Content-Range", "bytes %d-%d/%d".formatted(from, to, torrent.size()));
      }
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
