package dev.slipway.bench.day;

import java.util.List;

/**
 * One build's way by the database's clock, in seconds.
 *
 * @param app whose line it stands in
 * @param created when its push was accepted
 * @param lost attempts whose worker died
 * @param started its last attempt
 * @param finished published
 * @param replicated every wanted region's copy was read back
 * @param earlierReplicated when the last of the app's builds before it was replicated
 * @param begun its deployment
 * @param running on the last machine
 * @param command what its build command waited
 * @param toLostRegion whether its deployment was also about the region that was away
 */
record Travel(
    String app,
    double created,
    List<Span> lost,
    double started,
    double finished,
    double replicated,
    double earlierReplicated,
    double begun,
    double running,
    double command,
    boolean toLostRegion) {
  /** From one moment to another; empty when that is not later. */
  record Span(double from, double until) {
    static final Span NONE = new Span(0, 0);

    double seconds() {
      return Math.max(0, until - from);
    }

    Span and(Span other) {
      return new Span(Math.max(from, other.from), Math.min(until, other.until));
    }
  }

  Travel {
    lost = List.copyOf(lost);
  }
}
