package dev.slipway.bench.day;

/**
 * How much of everything. Hours are the day's.
 *
 * @param pushes in all
 * @param apps with a repository each, drawn for each push
 * @param from the first hour of the part of the day that is played
 * @param until the hour before which the last push comes
 * @param regions with a bucket and an agent each
 * @param machinesEach in each region
 * @param groups of a region's machines, each with its part of the apps
 * @param workers processes that are there all the time
 * @param more processes that are there in business hours besides
 * @param slotsEach builds that a process builds at a time
 * @param opens the hour at which business begins
 * @param closes the hour at which it ends
 * @param kills of worker processes, spread over the day
 * @param awayAt the hour at which a region is lost, for an hour
 */
public record Scale(
    int pushes,
    int apps,
    int from,
    int until,
    int regions,
    int machinesEach,
    int groups,
    int workers,
    int more,
    int slotsEach,
    int opens,
    int closes,
    int kills,
    int awayAt) {
  /** A day of 24 minutes: sixty slots, and as many again in business hours. */
  static final Scale FULL = new Scale(5_000, 200, 0, 24, 10, 20, 10, 6, 7, 10, 7, 19, 8, 10);

  /** Three hours of the morning of a smaller company. */
  static final Scale QUICK = new Scale(500, 40, 9, 12, 4, 5, 1, 6, 0, 10, 9, 9, 1, 10);

  /** Which of these it was, by its pushes. */
  static Scale of(long pushes) {
    return pushes == FULL.pushes() ? FULL : QUICK;
  }
}
