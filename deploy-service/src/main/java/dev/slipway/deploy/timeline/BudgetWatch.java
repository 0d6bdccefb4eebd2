package dev.slipway.deploy.timeline;

import dev.slipway.common.trace.TraceParent;
import dev.slipway.deploy.timeline.Timeline.Outlook;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns of builds that will miss their budget, once each, while there is still time. */
public final class BudgetWatch {
  private static final Logger log = LoggerFactory.getLogger(BudgetWatch.class);

  private final TimelineStore timelines;
  private final Set<Long> warned = new HashSet<>();
  private volatile List<Timeline> underWay = List.of();

  /**
   * @param meters gets {@code slipway.builds.tight} by {@code outlook}: how many are at risk, and
   *     how many are late
   */
  public BudgetWatch(TimelineStore timelines, MeterRegistry meters) {
    this.timelines = timelines;
    for (var outlook : List.of(Outlook.AT_RISK, Outlook.LATE)) {
      meters.gauge(
          "slipway.builds.tight",
          List.of(Tag.of("outlook", outlook.name())),
          this,
          watch -> watch.underWay.stream().filter(t -> t.outlook() == outlook).count());
    }
  }

  /** Looks at all builds under way. */
  public boolean runOnce() {
    underWay = timelines.underWay();
    var tight = underWay.stream().filter(Timeline::isTight).toList();
    warned.retainAll(tight.stream().map(Timeline::build).collect(Collectors.toSet()));
    for (var timeline : tight) {
      if (warned.add(timeline.build())) {
        try (var _ = TraceParent.inLogs(timelines.pushOf(timeline.build()))) {
          log.warn("Build #{} of {}: {}", timeline.build(), timeline.app(), timeline.warning());
        }
      }
    }
    return false;
  }

  /** Those of the last look, oldest first. */
  public List<Timeline> underWay() {
    return underWay;
  }
}
