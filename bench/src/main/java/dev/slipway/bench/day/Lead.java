package dev.slipway.bench.day;

import dev.slipway.bench.day.Travel.Span;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;

/**
 * A build's lead time with the compression taken out, in seconds of the day. What waited for
 * something of the day's clock counts {@value Clockwork#COMPRESSION} times: a free worker, the
 * build command, an earlier build of the app, a region that is away. What is work, or a time-out,
 * took real seconds and counts once.
 *
 * @param queue until a worker took it, the last time
 * @param lost in attempts whose worker died
 * @param build in its last attempt, publishing included
 * @param replicate until every wanted region had it, and was read
 * @param turn until the builds before it let it be deployed
 * @param deploy until the last machine ran it
 */
record Lead(double queue, double lost, double build, double replicate, double turn, double deploy) {
  /**
   * Takes the compression out. A build waits for those before it in its app's line as long as it
   * would on such a day: until the last of them is replicated, their own compression taken out.
   *
   * @param travels in the order of their pushes
   * @param unnoticed when a region was away and not yet excluded
   * @param away when it was away at all
   */
  static List<Lead> of(Collection<Travel> travels, Span unnoticed, Span away) {
    var lines = new HashMap<String, Double>();
    var leads = new ArrayList<Lead>();
    for (var travel : travels) {
      var alone = alone(travel, unnoticed, away);
      var ready = travel.created() * Clockwork.COMPRESSION + alone.untilReplicated();
      var earlier = lines.merge(travel.app(), ready, Math::max);
      leads.add(alone.waiting(earlier - ready));
    }
    return leads;
  }

  private static Lead alone(Travel travel, Span unnoticed, Span away) {
    var mayBegin = Math.max(travel.replicated(), travel.earlierReplicated());
    return new Lead(
        queue(travel),
        travel.lost().stream().mapToDouble(Lead::lost).sum(),
        build(travel),
        stretched(new Span(travel.finished(), travel.replicated()), unnoticed),
        stretched(new Span(mayBegin, travel.begun()), unnoticed),
        stretched(
            new Span(travel.begun(), travel.running()), travel.toLostRegion() ? away : unnoticed));
  }

  private double untilReplicated() {
    return queue + lost + build + replicate;
  }

  private Lead waiting(double seconds) {
    return new Lead(queue, lost, build, replicate, turn + seconds, deploy);
  }

  double seconds() {
    return untilReplicated() + turn + deploy;
  }

  private static double queue(Travel travel) {
    var inAttempts = travel.lost().stream().mapToDouble(Span::seconds).sum();
    return (travel.started() - travel.created() - inAttempts) * Clockwork.COMPRESSION;
  }

  /** Of an attempt that was lost, the time-out is real; before it a build command waited. */
  private static double lost(Span attempt) {
    var silent = Math.min(attempt.seconds(), Company.LOST_SECONDS);
    return silent + (attempt.seconds() - silent) * Clockwork.COMPRESSION;
  }

  private static double build(Travel travel) {
    var took = travel.finished() - travel.started();
    var waited = Math.min(took, travel.command());
    return waited * Clockwork.COMPRESSION + took - waited;
  }

  private static double stretched(Span span, Span slow) {
    var stretched = span.and(slow).seconds();
    return span.seconds() - stretched + stretched * Clockwork.COMPRESSION;
  }
}
