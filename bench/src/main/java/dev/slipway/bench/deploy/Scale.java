package dev.slipway.bench.deploy;

/**
 * How much of it.
 *
 * @param machines of each of the two regions; an even number
 * @param serviceKills of deploy-service
 * @param killRounds deployments in which every machine's agent is killed
 * @param rounds in which the way forth and back is timed, after one of warm-up
 */
record Scale(int machines, int serviceKills, int killRounds, int rounds) {
  static final Scale FULL = new Scale(6, 50, 10, 5);
  static final Scale QUICK = new Scale(6, 10, 3, 2);

  /** For a test. */
  static final Scale SHORT = new Scale(2, 3, 2, 0);
}
