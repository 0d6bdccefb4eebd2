package dev.slipway.common.swarm;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A peer in a process of its own: one that speaks TLS cannot have another beside it. It does one
 * thing, answers one line, and ends with this.
 */
@NullMarked
public final class PeerProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader answers;
  private final PrintWriter orders;

  private PeerProcess(Order order) throws IOException {
    this.process =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx48m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                PeerProcess.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.orders = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
    orders.println(JsonMapper.shared().writeValueAsString(order));
  }

  /** What it shall do. Those without an authority are to join. */
  private record Order(
      String torrent,
      Path folder,
      List<URI> trackers,
      @Nullable Credential credential,
      @Nullable Authority authority,
      long patienceMillis) {}

  private record Authority(String secret, long lateMillis) {}

  /**
   * Shares a file; returns when it does.
   *
   * @param secret of the authority that it admits itself by
   * @param late how far its certificates lie in the past until it is told to renew them
   */
  static PeerProcess sharing(
      Torrent torrent, Path folder, Swarm.Meeting meeting, String secret, Duration late)
      throws IOException {
    var authority = new Authority(secret, late.toMillis());
    var peer =
        new PeerProcess(
            new Order(encoded(torrent), folder, meeting.trackers(), null, authority, 0));
    peer.require("shares");
    return peer;
  }

  /**
   * Joins with what the meeting shows, or without TLS where it shows nothing.
   *
   * @return "complete", or the number of bytes that it received within its patience and did not do
   */
  public static String join(Torrent torrent, Path folder, Swarm.Meeting meeting, Duration patience)
      throws IOException {
    var order =
        new Order(
            encoded(torrent),
            folder,
            meeting.trackers(),
            meeting.credential(),
            null,
            patience.toMillis());
    try (var peer = new PeerProcess(order)) {
      return peer.answer();
    }
  }

  private static String encoded(Torrent torrent) {
    return Base64.getEncoder().encodeToString(torrent.info());
  }

  private static Torrent decoded(String torrent) {
    return Torrent.parse(Base64.getDecoder().decode(torrent));
  }

  void renew() throws IOException {
    orders.println("renew");
    require("renewed");
  }

  /** Peers that it has turned away for their certificates. */
  double refused() throws IOException {
    orders.println("refused");
    return Double.parseDouble(answer());
  }

  private void require(String expected) throws IOException {
    var answer = answer();
    if (!answer.equals(expected)) {
      throw new IOException("the peer says " + answer);
    }
  }

  private String answer() throws IOException {
    var line = answers.readLine();
    if (line == null) {
      throw new IOException("the peer has ended");
    }
    return line;
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  /** The other process. */
  static void main() throws IOException {
    var answers = System.out;
    // what is logged
    System.setOut(System.err);
    var orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    var order = JsonMapper.shared().readValue(orders.readLine(), Order.class);
    var authority = order.authority();
    if (authority == null) {
      answers.println(join(order));
    } else {
      share(order, authority, orders, answers);
    }
  }

  private static String join(Order order) throws IOException {
    var credential = order.credential();
    var plain = new Swarm.Meeting(order.trackers(), List.of());
    try (var engine = LibtorrentSwarm.start("127.0.0.1", 0, credential != null);
        var member =
            engine.join(
                decoded(order.torrent()),
                order.folder(),
                credential == null ? plain : plain.showing(credential))) {
      try {
        member.await(Duration.ofMillis(order.patienceMillis()));
        return "complete";
      } catch (IOException incomplete) {
        return String.valueOf(member.bytesReceived());
      } catch (InterruptedException e) {
        throw new UncheckedIOException(new IOException(e));
      }
    }
  }

  private static void share(
      Order order, Authority authority, BufferedReader orders, PrintStream answers)
      throws IOException {
    var meters = new SimpleMeterRegistry();
    var clock = new SettableClock(Clock.systemUTC().instant());
    var late = Duration.ofMillis(authority.lateMillis());
    clock.advance(late.negated());
    var engine = LibtorrentSwarm.start("127.0.0.1", 0, true).showingIn(meters);
    var swarm = new AdmittedSwarm(engine, new CircleAuthority(authority.secret(), clock));
    swarm.share(
        decoded(order.torrent()), order.folder(), new Swarm.Meeting(order.trackers(), List.of()));
    answers.println("shares");
    for (var line = orders.readLine(); line != null; line = orders.readLine()) {
      if (line.equals("renew")) {
        clock.advance(late);
        swarm.renew();
        answers.println("renewed");
      } else {
        answers.println(meters.get("slipway.swarm.peers.refused").functionCounter().count());
      }
    }
  }
}
