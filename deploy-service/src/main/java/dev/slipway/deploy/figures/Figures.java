package dev.slipway.deploy.figures;

import dev.slipway.deploy.figures.FigureStore.Count;
import dev.slipway.deploy.figures.FigureStore.RegionFigures;
import dev.slipway.deploy.figures.FigureStore.Workers;
import dev.slipway.deploy.timeline.LeadTimes;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Shows what the database knows of workers, regions, copies, machines and tokens as metrics, as of
 * the last look: however often somebody scrapes, the database is asked no more. Every instance
 * shows the same.
 */
public final class Figures {
  private final FigureStore store;
  private final LeadTimes leadTimes;
  private final MultiGauge silence;
  private final MultiGauge missing;
  private final MultiGauge missingOldest;
  private final MultiGauge wrong;
  private final MultiGauge unreadOldest;
  private final MultiGauge machines;
  private final MultiGauge apps;
  private final MultiGauge tokenEnds;
  private volatile Workers workers = new Workers(0, 0, 0);
  private volatile double oldestTransaction;

  /**
   * @param leadTimes is told of every app, so that its first build is seen to come
   * @param meters gets {@code slipway.workers}, {@code slipway.region.silence}, {@code
   *     slipway.replicas.missing} and what is like them
   */
  public Figures(FigureStore store, LeadTimes leadTimes, MeterRegistry meters) {
    this.store = store;
    this.leadTimes = leadTimes;
    silence = seconds("slipway.region.silence", meters);
    missing = MultiGauge.builder("slipway.replicas.missing").register(meters);
    missingOldest = seconds("slipway.replicas.missing.oldest", meters);
    wrong = MultiGauge.builder("slipway.replicas.wrong").register(meters);
    unreadOldest = seconds("slipway.replicas.unread.oldest", meters);
    machines = MultiGauge.builder("slipway.fleet.machines").register(meters);
    apps = MultiGauge.builder("slipway.fleet.apps").register(meters);
    tokenEnds = seconds("slipway.tokens.expiry", meters);
    meters.gauge("slipway.workers", this, figures -> figures.workers.heard());
    slots("busy", Workers::busy, meters);
    slots("free", Workers::free, meters);
    Gauge.builder("slipway.database.transaction.oldest", this, f -> f.oldestTransaction)
        .baseUnit("seconds")
        .register(meters);
  }

  private static MultiGauge seconds(String name, MeterRegistry meters) {
    return MultiGauge.builder(name).baseUnit("seconds").register(meters);
  }

  private void slots(String state, ToDoubleFunction<Workers> count, MeterRegistry meters) {
    Gauge.builder("slipway.workers.slots", this, f -> count.applyAsDouble(f.workers))
        .tag("state", state)
        .register(meters);
  }

  /** Looks at everything once. */
  public boolean runOnce() {
    workers = store.workers();
    oldestTransaction = store.oldestTransactionSeconds();
    showRegions(store.regions());
    show(machines, store.machines());
    show(apps, store.apps());
    tokenEnds.register(
        store.tokenEnds().stream()
            .map(end -> Row.of(Tags.of("role", end.role()), end.seconds()))
            .toList(),
        true);
    store.appNames().forEach(leadTimes::expect);
    return false;
  }

  private void showRegions(List<RegionFigures> regions) {
    silence.register(
        regions.stream()
            .map(r ->
                Row.of(
                    Tags.of("region", r.name(), "wanted", Boolean.toString(r.wanted())),
                    r.silentSeconds()))
            .toList(),
        true);
    show(missing, regions, RegionFigures::missing);
    show(missingOldest, regions, RegionFigures::missingSeconds);
    show(wrong, regions, RegionFigures::wrong);
    show(unreadOldest, regions, RegionFigures::unreadSeconds);
  }

  private static void show(
      MultiGauge gauge, List<RegionFigures> regions, ToDoubleFunction<RegionFigures> value) {
    gauge.register(
        regions.stream()
            .map(r -> Row.of(Tags.of("region", r.name()), value.applyAsDouble(r)))
            .toList(),
        true);
  }

  private static void show(MultiGauge gauge, List<Count> counts) {
    gauge.register(
        counts.stream().map(count -> Row.of(tags(count), count.machines())).toList(), true);
  }

  private static Tags tags(Count count) {
    var tags = Tags.of("region", count.region(), "state", count.state());
    return count.app().isEmpty() ? tags : tags.and("app", count.app());
  }
}
