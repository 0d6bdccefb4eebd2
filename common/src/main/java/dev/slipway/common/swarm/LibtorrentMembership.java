package dev.slipway.common.swarm;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.libtorrent4j.AddTorrentParams;
import org.libtorrent4j.AnnounceEntry;
import org.libtorrent4j.TorrentHandle;
import org.libtorrent4j.alerts.Alert;
import org.libtorrent4j.alerts.SaveResumeDataAlert;
import org.libtorrent4j.swig.int_vector;
import org.libtorrent4j.swig.status_flags_t;
import org.libtorrent4j.swig.torrent_status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One torrent in the engine: hears its alerts, and asks its handle for the rest. */
final class LibtorrentMembership implements Swarm.Membership {
  private static final Logger log = LoggerFactory.getLogger(LibtorrentMembership.class);
  private static final long LONGEST_LOOK_MILLIS = 500;
  private static final long PATIENCE_SECONDS = 2;
  private static final Duration AFTER_REFUSAL = Duration.ofSeconds(5);

  private final Torrent torrent;
  private final ResumeFile resumeFile;
  private final Consumer<LibtorrentMembership> onClose;
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong taken = new AtomicLong();
  private final Semaphore news = new Semaphore(0);
  private final CountDownLatch saved = new CountDownLatch(1);
  private final CountDownLatch removed = new CountDownLatch(1);
  private final CountDownLatch gone = new CountDownLatch(1);
  private volatile @Nullable String failure;
  private volatile boolean leaving;

  /** Null before it entered and after it left: an old handle throws, or worse. Guarded by this. */
  private @Nullable TorrentHandle handle;

  /** What was last seen, for after it left. */
  private volatile long done;

  private volatile long received;
  private volatile boolean complete;

  LibtorrentMembership(
      Torrent torrent,
      ResumeFile resumeFile,
      boolean complete,
      Consumer<LibtorrentMembership> onClose) {
    this.torrent = torrent;
    this.resumeFile = resumeFile;
    this.complete = complete;
    this.onClose = onClose;
  }

  Torrent torrent() {
    return torrent;
  }

  synchronized void entered(TorrentHandle entered) {
    handle = entered;
  }

  /** On the alert thread: takes what it needs of the alert, which is gone afterwards. */
  void hear(Alert<?> alert) {
    switch (alert.type()) {
      case HASH_FAILED -> refused.incrementAndGet();
      case TORRENT_ERROR, FILE_ERROR -> failure = alert.message();
      case SAVE_RESUME_DATA ->
          keep(AddTorrentParams.writeResumeDataBuf(((SaveResumeDataAlert) alert).params()));
      case SAVE_RESUME_DATA_FAILED -> settleSave();
      case TORRENT_FINISHED -> finish();
      case TORRENT_REMOVED -> removed.countDown();
      default -> {
        return;
      }
    }
    news.release();
  }

  private void keep(byte[] resume) {
    inBackground(() -> resumeFile.write(resume));
  }

  private void finish() {
    complete = true;
    inBackground(resumeFile::finish);
  }

  private interface DiskWork {
    void run() throws IOException;
  }

  private void inBackground(DiskWork work) {
    Thread.startVirtualThread(() -> {
      try {
        work.run();
      } catch (IOException e) {
        log.warn("The resume file of {} could not be kept", torrent.name(), e);
      } finally {
        settleSave();
      }
    });
  }

  private void settleSave() {
    if (leaving) {
      saved.countDown();
    }
  }

  /** Asks the engine, without waiting, for what to keep. */
  synchronized boolean requestSave() {
    if (handle == null || complete) {
      return false;
    }
    handle.saveResumeData(TorrentHandle.ONLY_IF_MODIFIED);
    return true;
  }

  private long ask(ToLongFunction<torrent_status> question, long otherwise) {
    return ask(question, new status_flags_t(), otherwise);
  }

  private synchronized long ask(
      ToLongFunction<torrent_status> question, status_flags_t what, long otherwise) {
    if (handle == null || !handle.isValid()) {
      return otherwise;
    }
    var status = handle.swig().status(what);
    try {
      return question.applyAsLong(status);
    } finally {
      status.delete();
    }
  }

  @Override
  public long bytesDone() {
    done = ask(torrent_status::getTotal_done, done);
    return done;
  }

  @Override
  public long bytesReceived() {
    received = ask(torrent_status::getTotal_payload_download, received);
    return received + taken.get();
  }

  @Override
  public Swarm.View look() {
    var missing = new BitSet();
    var peers = (int) ask(status -> see(status, missing), TorrentHandle.QUERY_PIECES, 0);
    var holders = new int_vector();
    try {
      withHandle(entered -> entered.swig().piece_availability(holders));
      var unheld = new BitSet();
      for (var piece = 0; piece < torrent.pieces(); piece++) {
        // a complete member is told of none
        unheld.set(piece, piece >= holders.size() || holders.get(piece) == 0);
      }
      return new Swarm.View(missing, unheld, peers);
    } finally {
      holders.delete();
    }
  }

  private long see(torrent_status status, BitSet missing) {
    if (!isChecked(status)) {
      return 0;
    }
    missing.set(0, torrent.pieces());
    var here = status.get_pieces();
    for (var i = 0; i < here.size(); i++) {
      missing.set(i, !here.get_bit(i));
    }
    return status.getNum_peers();
  }

  @Override
  public void take(int piece, InputStream bytes) throws IOException {
    var length = torrent.lengthOf(piece);
    try (var copy = new NativeBytes(length)) {
      copy.fill(bytes);
      taken.addAndGet(length);
      withHandle(entered -> entered.swig().add_piece_bytes(piece, copy.vector()));
    }
  }

  private synchronized void withHandle(Consumer<TorrentHandle> use) {
    if (handle != null && handle.isValid()) {
      use.accept(handle);
    }
  }

  @Override
  public long piecesRefused() {
    return refused.get();
  }

  @Override
  public boolean isComplete() {
    complete = ask(status -> status.getIs_seeding() ? 1 : 0, complete ? 1 : 0) == 1;
    return complete;
  }

  @Override
  public synchronized boolean show(Credential credential) {
    if (handle == null || !handle.isValid()) {
      return false;
    }
    Tls.show(handle, credential);
    return true;
  }

  @Override
  public synchronized boolean announceAt(List<URI> trackers) {
    if (handle == null || !handle.isValid()) {
      return false;
    }
    handle.replaceTrackers(
        trackers.stream().map(address -> new AnnounceEntry(address.toString())).toList());
    return true;
  }

  @Override
  public synchronized void limit(int bytesPerSecond) {
    if (handle != null && handle.isValid()) {
      handle.setDownloadLimit(bytesPerSecond);
    }
  }

  @Override
  public void await(Duration stall) throws IOException, InterruptedException {
    var most = -1L;
    var checked = -1L;
    var since = System.nanoTime();
    while (!isComplete()) {
      var reason = failure;
      if (reason != null) {
        throw new IOException(reason);
      }
      if (leaving) {
        throw new IOException("left the swarm of " + torrent.name());
      }
      // Bytes that are refused and fetched again are none; a file that is being checked makes
      // progress too.
      var now = bytesDone();
      var checking = ask(LibtorrentMembership::checkingProgress, 0);
      if (now > most || checking != checked) {
        most = Math.max(most, now);
        checked = checking;
        since = System.nanoTime();
      } else if (System.nanoTime() - since >= patience(stall).toNanos()) {
        throw new IOException(
            "no good byte of %s arrived for %s: %d of %d are here, %d pieces were refused"
                .formatted(
                    torrent.name(), patience(stall), bytesDone(), torrent.size(), piecesRefused()));
      }
      news.tryAcquire(
          Math.min(LONGEST_LOOK_MILLIS, stall.toMillis() / 4 + 1), TimeUnit.MILLISECONDS);
      news.drainPermits();
    }
  }

  /** Who sends a bad piece is sent away: where nobody good is left, waiting does not help. */
  private Duration patience(Duration stall) {
    return piecesRefused() > 0 && stall.compareTo(AFTER_REFUSAL) > 0 ? AFTER_REFUSAL : stall;
  }

  private static boolean isChecked(torrent_status status) {
    var state = status.getState();
    return state != torrent_status.state_t.checking_files
        && state != torrent_status.state_t.checking_resume_data;
  }

  private static long checkingProgress(torrent_status status) {
    return status.getState() == torrent_status.state_t.checking_files
        ? status.getProgress_ppm()
        : 0;
  }

  @Override
  public void close() {
    if (!beginToLeave()) {
      // who closes it again must not go on before it is closed
      patiently(gone);
      return;
    }
    try {
      news.release();
      bytesDone();
      bytesReceived();
      if (!isComplete() && failure == null && requestSave()) {
        patiently(saved);
      }
      onClose.accept(this);
    } finally {
      gone.countDown();
    }
  }

  private synchronized boolean beginToLeave() {
    var first = !leaving;
    leaving = true;
    return first;
  }

  /** After the engine was told to remove it: the handle is dead, its end is near. */
  void left() {
    patiently(removed);
  }

  synchronized @Nullable TorrentHandle leave() {
    var left = handle;
    handle = null;
    return left;
  }

  private static void patiently(CountDownLatch latch) {
    try {
      if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        log.debug("The engine did not answer in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
