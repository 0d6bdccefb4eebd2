package dev.slipway.common.swarm;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.libtorrent4j.AddTorrentParams;
import org.libtorrent4j.StatsMetric;
import org.libtorrent4j.TorrentHandle;
import org.libtorrent4j.alerts.Alert;
import org.libtorrent4j.alerts.ListenFailedAlert;
import org.libtorrent4j.alerts.ListenSucceededAlert;
import org.libtorrent4j.alerts.SessionStatsAlert;
import org.libtorrent4j.alerts.SocketType;
import org.libtorrent4j.alerts.TorrentAlert;
import org.libtorrent4j.alerts.TrackerErrorAlert;
import org.libtorrent4j.swig.error_code;
import org.libtorrent4j.swig.session;
import org.libtorrent4j.swig.settings_pack.int_types;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A peer that is a libtorrent session in this process. A shared file that turns out to be broken is
 * not sent, and fetched again where others have it.
 */
public final class LibtorrentSwarm implements Swarm {
  private static final Logger log = LoggerFactory.getLogger(LibtorrentSwarm.class);
  private static final int START_SECONDS = 5;
  private static final Duration STOP = Duration.ofSeconds(5);

  /**
   * Those of this process. The engine's TLS library is built without threads: what two sessions do
   * with it at the same time, at the latest their handshakes, ends the process.
   */
  private static final Company COMPANY = new Company();

  private static final long SAVE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final session engine;
  private final boolean tls;
  private final AlertPump pump;
  private final CompletableFuture<Integer> listening = new CompletableFuture<>();
  private final Map<String, LibtorrentMembership> members = new ConcurrentHashMap<>();
  private final Offences offences = new Offences();
  private long lastSave = System.nanoTime();
  private final SentRate sent = new SentRate(System.nanoTime());
  private int slots = UploadSlots.MOST;

  /** Nobody enters any more. Guarded by this. */
  private boolean closed;

  /** The engine is about to go: a call would end the process. Guarded by this. */
  private boolean gone;

  private LibtorrentSwarm(session engine, boolean tls) {
    this.engine = engine;
    this.tls = tls;
    this.pump = new AlertPump(engine, this::hear, this::saveNowAndThen);
  }

  /**
   * Whether the engine runs here: on Linux x86_64 with glibc, where its library loads. Found out
   * once; the reason why not is logged once.
   */
  public static boolean isAvailable() {
    return NativeEngine.isLoaded();
  }

  /** Starts a peer that speaks without TLS. */
  public static LibtorrentSwarm start(String host, int port) {
    return start(host, port, false);
  }

  /**
   * Starts a peer.
   *
   * @param host the address to listen on
   * @param port to listen on; 0 takes a free one
   * @param tls whether it speaks TLS with all of its peers, and with nobody who does not
   * @throws UncheckedIOException when it cannot listen there
   * @throws IllegalStateException where the engine is not available; also when there would be a
   *     peer with TLS in this process, and another one
   */
  public static LibtorrentSwarm start(String host, int port, boolean tls) {
    NativeEngine.require();
    try {
      synchronized (COMPANY) {
        COMPANY.admit(tls);
        var started =
            new LibtorrentSwarm(new session(EngineSettings.params(host, port, tls).swig()), tls);
        COMPANY.entered(tls);
        started.open(host + ":" + port);
        return started;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void end() {
    engine.delete();
    COMPANY.left(tls);
  }

  private void open(String where) throws IOException {
    engine.set_peer_class_filter(EngineSettings.everybodyGlobal());
    pump.start();
    try {
      listening.get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      close();
      throw new IOException("cannot listen on " + where, e);
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public Membership join(Torrent torrent, Path folder, Meeting meeting) throws IOException {
    var met = meeting.swarmOf(torrent);
    var resume = new ResumeFile(folder, met);
    var params = Entry.join(met, folder, meeting, resume);
    return enter(
        new LibtorrentMembership(met, resume, false, this::leave), params, meeting.credential());
  }

  @Override
  public Membership share(Torrent torrent, Path folder, Meeting meeting) throws IOException {
    var met = meeting.swarmOf(torrent);
    var params = Entry.share(met, folder, meeting);
    var resume = new ResumeFile(folder, met);
    return enter(
        new LibtorrentMembership(met, resume, true, this::leave), params, meeting.credential());
  }

  private synchronized Membership enter(
      LibtorrentMembership member, AddTorrentParams params, @Nullable Credential credential)
      throws IOException {
    var name = member.torrent().name();
    if (tls != (credential != null)) {
      throw new IOException(
          tls ? "this peer shows nothing without a credential" : "this peer does not speak TLS");
    }
    // known before it enters, so that it hears its first alert
    if (closed || members.putIfAbsent(name, member) != null) {
      throw new IOException("this peer is in the swarm of " + name + " already, or closed");
    }
    try {
      var error = new error_code();
      var handle = new TorrentHandle(engine.add_torrent(params.swig(), error));
      if (error.value() != 0) {
        throw new IOException(error.message());
      }
      if (credential != null) {
        Tls.show(handle, credential);
      }
      member.entered(handle);
      return member;
    } catch (IOException | RuntimeException e) {
      members.remove(name, member);
      throw e;
    }
  }

  private void leave(LibtorrentMembership member) {
    if (remove(member.leave())) {
      member.left();
    }
    members.remove(member.torrent().name(), member);
  }

  private synchronized boolean remove(@Nullable TorrentHandle handle) {
    if (gone || handle == null || !handle.isValid()) {
      return false;
    }
    engine.remove_torrent(handle.swig());
    return true;
  }

  private void hear(Alert<?> alert) {
    offences.hear(alert);
    switch (alert) {
      case ListenSucceededAlert heard when isOurs(heard.socketType()) ->
          listening.complete(heard.port());
      case ListenFailedAlert heard when isOurs(heard.socketType()) ->
          listening.completeExceptionally(new IOException(heard.error().getMessage()));
      case SessionStatsAlert heard ->
          fitUploads(heard.value(StatsMetric.NET_SENT_PAYLOAD_BYTES_COUNTER_INDEX));
      case TrackerErrorAlert heard ->
          // without its address, which is a credential
          log.debug("A tracker of {} failed: {}", heard.torrentName(), heard.errorMessage());
      case TorrentAlert<?> heard -> {
        var member = members.get(heard.torrentName());
        if (member != null) {
          member.hear(alert);
        }
      }
      default -> log.trace("Not listened to: {}", alert.type());
    }
  }

  private boolean isOurs(SocketType heard) {
    return heard == (tls ? SocketType.TCP_SSL : SocketType.TCP);
  }

  private void saveNowAndThen() {
    if (System.nanoTime() - lastSave > SAVE_NANOS) {
      lastSave = System.nanoTime();
      members.values().forEach(LibtorrentMembership::requestSave);
      askWhatIsSent();
    }
  }

  /** Of all together: asking thousands of members one by one would keep the engine busy. */
  private synchronized void askWhatIsSent() {
    if (!gone) {
      engine.post_session_stats();
    }
  }

  private synchronized void fitUploads(long sentInAll) {
    var fitting = UploadSlots.at(sent.bytesPerSecond(sentInAll, System.nanoTime()));
    if (!gone && fitting != slots) {
      slots = fitting;
      engine.apply_settings(EngineSettings.uploadSlots(slots));
    }
  }

  /**
   * Shows in {@code slipway.swarm.pieces.refused}, {@code .peers.banned} and {@code .peers.refused}
   * what others did wrong: bad pieces, those sent away for them, those without a certificate; and
   * in {@code slipway.swarm.limit} the engine's limits, by direction.
   */
  public LibtorrentSwarm showingIn(MeterRegistry meters) {
    offences.showIn(meters);
    show(meters, "download", int_types.download_rate_limit);
    show(meters, "upload", int_types.upload_rate_limit);
    return this;
  }

  private void show(MeterRegistry meters, String direction, int_types setting) {
    meters.gauge(
        "slipway.swarm.limit", Tags.of("direction", direction), this, s -> s.current(setting));
  }

  private synchronized double current(int_types setting) {
    return gone ? Double.NaN : engine.get_settings().get_int(setting.swigValue());
  }

  @Override
  public synchronized void limit(long downloadBytesPerSecond, long uploadBytesPerSecond) {
    if (!gone) {
      engine.apply_settings(EngineSettings.limits(downloadBytesPerSecond, uploadBytesPerSecond));
    }
  }

  @Override
  public int port() {
    return listening.join();
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    within(
        STOP,
        List.copyOf(members.values()).stream()
            .map(member -> Thread.ofVirtual().start(member::close))
            .toList());
    if (!pump.stop()) {
      // its thread is in the engine: better a session left over than a process that crashes
      log.warn("The engine's alerts do not end; its session stays");
      return;
    }
    synchronized (this) {
      gone = true;
    }
    // it tells the trackers, and waits for its disk and its sockets
    within(STOP, List.of(Thread.ofPlatform().daemon().name("swarm-stop").start(this::end)));
  }

  private static void within(Duration bound, List<Thread> threads) {
    var end = System.nanoTime() + bound.toNanos();
    try {
      for (var thread : threads) {
        if (!thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())))) {
          log.warn("The engine has not stopped within {}", bound);
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
