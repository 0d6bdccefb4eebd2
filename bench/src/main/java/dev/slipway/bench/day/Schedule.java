package dev.slipway.bench.day;

import dev.slipway.bench.business.Curve;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What is pushed in the day, in order. The same each time. */
final class Schedule {
  private static final double SHORTEST_BUILD = 10 * 60;
  private static final double LONGEST_BUILD = 20 * 60;
  private static final long SEED = 11;

  private final List<Push> pushes = new ArrayList<>();
  private final int[] byApp;

  /**
   * A push of one commit.
   *
   * @param number of the app's commits, from 0
   * @param at seconds of the day since midnight
   * @param takes seconds of the day that its build command waits
   */
  record Push(int app, int number, double at, double takes) {}

  Schedule(Scale scale) {
    var random = new Random(SEED);
    byApp = new int[scale.apps()];
    for (var at : Curve.BUSINESS.moments(scale.pushes(), scale.from(), scale.until(), random)) {
      var app = random.nextInt(scale.apps());
      var takes = SHORTEST_BUILD + random.nextDouble() * (LONGEST_BUILD - SHORTEST_BUILD);
      pushes.add(new Push(app, byApp[app]++, at, takes));
    }
  }

  List<Push> pushes() {
    return pushes;
  }

  /** Those of one app, in order. */
  List<Push> of(int app) {
    return pushes.stream().filter(push -> push.app() == app).toList();
  }
}
