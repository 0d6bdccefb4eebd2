package dev.slipway.bench.plan;

import dev.slipway.bench.Samples;
import dev.slipway.bench.business.Curve;
import dev.slipway.bench.business.Slots;
import java.util.Arrays;
import java.util.Random;

/** How long builds wait for workers, and how many workers it takes that few wait long. */
final class WorkersNeeded {
  private static final int DAYS = 6;
  private static final int MOST = 20_000;
  private static final double DAY = Curve.HOURS * Curve.HOUR;

  private final double[] comes;
  private final double[] takes;
  private final int firstThatCounts;

  /** Draws the builds of several days; the first is warm-up. */
  WorkersNeeded(Settings settings, long seed) {
    var random = new Random(seed);
    comes = new double[DAYS * settings.pushes()];
    for (var day = 0; day < DAYS; day++) {
      var moments = settings.curve().moments(settings.pushes(), 0, Curve.HOURS, random);
      for (var push = 0; push < moments.length; push++) {
        comes[day * settings.pushes() + push] = day * DAY + moments[push];
      }
    }
    takes =
        random
            .doubles(comes.length, settings.shortestMin(), Math.nextUp(settings.longestMin()))
            .map(minutes -> minutes * 60)
            .toArray();
    firstThatCounts = settings.pushes();
  }

  /** What waits are with a number of workers: a share of them waits this long at most; seconds. */
  double wait(int workers, double share) {
    var slots = new Slots(workers);
    var waits = new Samples();
    for (var build = 0; build < comes.length; build++) {
      var waited = slots.take(comes[build], takes[build]) - comes[build];
      if (build >= firstThatCounts) {
        waits.add(waited);
      }
    }
    return waits.quantile(share);
  }

  /** The fewest with whom 99 % wait no longer than so many seconds. */
  int fewest(double seconds) {
    var too = 0;
    var enough = 1;
    while (enough < MOST && wait(enough, 0.99) > seconds) {
      too = enough;
      enough *= 2;
    }
    while (enough - too > 1) {
      var middle = (too + enough) / 2;
      if (wait(middle, 0.99) > seconds) {
        too = middle;
      } else {
        enough = middle;
      }
    }
    return enough;
  }

  /** The part of {@code workers}' time that builds take. */
  double busy(int workers) {
    return Arrays.stream(takes).sum() / (DAYS * DAY * workers);
  }
}
