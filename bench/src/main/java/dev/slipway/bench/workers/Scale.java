package dev.slipway.bench.workers;

/**
 * How much of it.
 *
 * @param jobs pushed in all, over ten apps
 * @param workers processes, of one to three slots
 * @param kills of workers, by SIGKILL
 * @param freezes of workers for longer than the time-out, by SIGSTOP
 * @param reaperKills of the reaper
 * @param databaseStops of PostgreSQL; every second one as in a crash
 */
public record Scale(
    int jobs, int workers, int kills, int freezes, int reaperKills, int databaseStops) {
  static final Scale FULL = new Scale(1_000, 20, 40, 20, 4, 2);
  static final Scale QUICK = new Scale(300, 8, 12, 6, 2, 2);

  /** For a test. */
  public static final Scale SHORT = new Scale(100, 3, 3, 2, 1, 2);

  int disturbances() {
    return kills + freezes + reaperKills + databaseStops;
  }
}
