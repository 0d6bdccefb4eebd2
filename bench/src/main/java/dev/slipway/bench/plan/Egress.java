package dev.slipway.bench.plan;

/**
 * What the network costs, by prices that were set.
 *
 * @param wideBytes over the wide area
 * @param zoneBytes from one zone of a region into another
 * @param dollars for both
 */
record Egress(double wideBytes, double zoneBytes, double dollars) {
  private static final double GIB = 1 << 30;

  /**
   * Of one artifact to all machines.
   *
   * @param multiple of the artifact's size, into a region
   * @param crossed the part of what machines get that comes from another zone
   */
  static Egress of(Settings settings, double bytes, double multiple, double crossed) {
    var wide = settings.regions() * bytes * multiple;
    var zones = (double) settings.regions() * settings.machines() * bytes * crossed;
    return new Egress(
        wide, zones, wide / GIB * settings.widePrice() + zones / GIB * settings.zonePrice());
  }
}
