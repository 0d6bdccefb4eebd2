package dev.slipway.bench.fanout;

import dev.slipway.bench.fanout.Network.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The hosts of one run: an origin that has the artifact, and those who fetch it. */
final class Crew implements AutoCloseable {
  private final Cargo cargo;
  private final Path folder;
  private final List<Member> origins = new ArrayList<>();
  private final List<Fetcher> fetchers = new ArrayList<>();

  /** Who fetches, and where to. */
  record Fetcher(Member member, Host host, Path folder) {}

  Crew(Cargo cargo, Path folder) throws IOException {
    this.cargo = cargo;
    this.folder = folder;
    Files.createDirectories(folder);
  }

  /** Has the artifact, keeps a tracker and serves, from now on. */
  void origin(Host host) throws IOException, InterruptedException {
    var member = start(host, cargo.folder(), List.of("--share", "--agent"));
    origins.add(member);
    member.awaitReady();
  }

  /** Keeps a tracker and nothing else. */
  void tracker(Host host) throws IOException {
    origins.add(start(host, own(host), List.of("--tracker")));
  }

  /** Fetches, meets the circles of these trackers, and keeps one itself. */
  void agent(Host host, List<String> meets) throws IOException {
    fetch(host, meets, List.of("--agent"));
  }

  /** Fetches, in the circle of an agent that has the artifact and deals its pieces. */
  void machine(Host host, String agent) throws IOException {
    fetch(host, List.of(agent), List.of("--dealer=" + agent));
  }

  /** Fetches, in the circle of an agent that fetches as well. */
  void follower(Host host, String agent) throws IOException {
    fetch(host, List.of(agent), List.of());
  }

  private void fetch(Host host, List<String> meets, List<String> more) throws IOException {
    var own = own(host);
    var options = new ArrayList<>(more);
    meets.forEach(tracker -> options.add("--meet=" + tracker));
    fetchers.add(new Fetcher(start(host, own, options), host, own));
  }

  Path own(Host host) throws IOException {
    return Files.createDirectories(folder.resolve(host.namespace()));
  }

  /** Takes in somebody else's program. */
  void add(Fetcher fetcher) {
    fetchers.add(fetcher);
  }

  void addOrigin(Member member) {
    origins.add(member);
  }

  Path errors() {
    return folder.resolve("errors.log");
  }

  private Member start(Host host, Path own, List<String> options) throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx96m",
                "-Dsun.net.httpserver.nodelay=true",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath(),
                Node.class.getName(),
                "--ip=" + host.ip(),
                "--folder=" + own,
                "--torrent=" + cargo.info()));
    command.addAll(options);
    return Member.start(host.command(command), "READY", "DONE", errors());
  }

  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(java.io.File.pathSeparator));
  }

  List<Fetcher> fetchers() {
    return fetchers;
  }

  /** Lets all begin at once and returns when that was. */
  long go() throws IOException, InterruptedException {
    for (var origin : origins) {
      origin.awaitReady();
    }
    for (var fetcher : fetchers) {
      fetcher.member.awaitReady();
    }
    for (var origin : origins) {
      origin.go();
    }
    var begun = System.nanoTime();
    for (var fetcher : fetchers) {
      fetcher.member.go();
    }
    return begun;
  }

  /**
   * The seconds until the last of these was done.
   *
   * @throws IOException when one is not, or has other bytes
   */
  double last(long begun, List<Fetcher> whom, Duration longest)
      throws IOException, InterruptedException {
    var last = begun;
    for (var fetcher : whom) {
      last = Math.max(last, fetcher.member.awaitDone(longest));
    }
    for (var fetcher : whom) {
      if (!cargo.isIn(fetcher.folder)) {
        throw new IOException("a host has other bytes than were sent");
      }
    }
    return (last - begun) / 1e9;
  }

  @Override
  public void close() {
    fetchers.forEach(fetcher -> fetcher.member.close());
    origins.forEach(Member::close);
  }
}
