package dev.slipway.machine.region;

import dev.slipway.common.app.AppName;
import dev.slipway.common.machine.AppReport;
import dev.slipway.common.machine.AppState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What this machine says of its apps. A change of state is news at once; a download's progress is
 * news at most once a second.
 */
public final class Board {
  private static final long PROGRESS_NANOS = Duration.ofSeconds(1).toNanos();

  private final Map<AppName, AppReport> reports = new ConcurrentHashMap<>();
  private final AtomicLong news = new AtomicLong();
  private volatile long lastProgress = System.nanoTime();
  private volatile Runnable onNews = () -> {};

  /** Called on every news, on the reporter's thread: must be quick. */
  void onNews(Runnable listener) {
    onNews = listener;
  }

  /** Puts up an app's report. */
  public void put(AppReport report) {
    var before = reports.put(report.app(), report);
    if (report.equals(before)) {
      return;
    }
    if (before != null && sameButProgress(before, report)) {
      var now = System.nanoTime();
      if (now - lastProgress < PROGRESS_NANOS) {
        return;
      }
      lastProgress = now;
    }
    news.incrementAndGet();
    onNews.run();
  }

  private static boolean sameButProgress(AppReport a, AppReport b) {
    return a.state() == b.state()
        && a.revision() == b.revision()
        && java.util.Objects.equals(a.running(), b.running())
        && java.util.Objects.equals(a.ahead(), b.ahead())
        && a.kept().equals(b.kept())
        && java.util.Objects.equals(a.detail(), b.detail());
  }

  /** Grows with all that is worth a poll of its own. */
  long news() {
    return news.get();
  }

  /** Whether no app is on its way: what is news then is how it ended. */
  boolean isSettled() {
    return reports.values().stream()
        .allMatch(
            report -> report.state() == AppState.RUNNING || report.state() == AppState.FAILED);
  }

  public List<AppReport> reports() {
    return List.copyOf(reports.values());
  }
}
