package dev.slipway.bench.fleet;

import dev.slipway.common.app.AppName;
import dev.slipway.common.machine.AppReport;
import dev.slipway.common.machine.AppState;
import dev.slipway.common.machine.Assignment;
import dev.slipway.common.machine.Limits;
import dev.slipway.common.machine.Prefetch;
import dev.slipway.machine.region.Board;
import dev.slipway.machine.region.PollLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A machine that obeys in words only: it says that it downloads, activates and runs what it was
 * told, each a while after the other.
 */
final class Simulated implements PollLoop.Orders {
  /** Of each step at most; at least half of it. */
  private static final Duration STEP = Duration.ofSeconds(2);

  private final Board board = new Board();
  private final Map<AppName, Seat> seats = new HashMap<>();
  private final Map<Long, Long> toldNanos = new HashMap<>();
  private final List<Back> back = new ArrayList<>();

  /** What it knows of one app. */
  private static final class Seat {
    private long revision;
    private @Nullable Long told;
    private @Nullable Long running;
  }

  Board board() {
    return board;
  }

  @Override
  public void keepTo(Limits limits) {
    // it moves no bytes
  }

  @Override
  public void haveAhead(Prefetch prefetch) {
    // nor ahead of anything
  }

  @Override
  public void run(Assignment assignment) {
    var now = System.nanoTime();
    synchronized (this) {
      var seat = seats.computeIfAbsent(assignment.app(), app -> new Seat());
      // a machine's two polls may bring the same twice
      if (assignment.revision() <= seat.revision) {
        return;
      }
      var build = assignment.release().build();
      if (seat.told != null && build < seat.told) {
        back.add(new Back(seat.told, build));
      }
      seat.revision = assignment.revision();
      seat.told = build;
      toldNanos.put(build, now);
    }
    Thread.ofVirtual().start(() -> obey(assignment));
  }

  private void obey(Assignment assignment) {
    try {
      for (var state : new AppState[] {AppState.DOWNLOADING, AppState.ACTIVATING}) {
        if (!say(assignment, state)) {
          return;
        }
        Thread.sleep(
            Duration.ofMillis(
                ThreadLocalRandom.current().nextLong(STEP.toMillis() / 2, STEP.toMillis())));
      }
      say(assignment, AppState.RUNNING);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** Says it, unless something else is to be done by now. */
  private synchronized boolean say(Assignment assignment, AppState state) {
    var seat = seats.get(assignment.app());
    if (seat == null || assignment.revision() != seat.revision) {
      return false;
    }
    var release = assignment.release();
    if (state == AppState.RUNNING) {
      seat.running = release.build();
    }
    var done = state == AppState.DOWNLOADING ? 0 : release.size();
    board.put(
        new AppReport(
            assignment.app(),
            release.build(),
            seat.running,
            state,
            seat.revision,
            done,
            release.size(),
            null,
            null));
    return true;
  }

  /** When it was told to run a build, by {@link System#nanoTime}; none when it never was. */
  synchronized @Nullable Long toldAt(long build) {
    return toldNanos.get(build);
  }

  synchronized boolean runs(long build) {
    return seats.values().stream().anyMatch(seat -> seat.running != null && seat.running == build);
  }

  /** Each time that it was told to go to a build with a lower number, which nobody asked for. */
  synchronized List<Back> back() {
    return List.copyOf(back);
  }

  /** From one build to one with a lower number. */
  record Back(long from, long to) {}
}
