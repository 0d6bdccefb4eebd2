package dev.slipway.deploy.console;

import dev.slipway.deploy.console.AppRow.Standing;
import dev.slipway.deploy.console.OverviewStore.Ill;
import dev.slipway.deploy.console.OverviewStore.Latest;
import dev.slipway.deploy.console.OverviewStore.Version;
import dev.slipway.deploy.timeline.BudgetWatch;
import dev.slipway.deploy.timeline.Timeline;
import dev.slipway.deploy.timeline.Timeline.Outlook;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** All apps, sorted by how much they need a look. */
final class Overview {
  private static final Set<Outlook> RUNNING =
      Set.of(Outlook.ON_TIME, Outlook.AT_RISK, Outlook.LATE);

  private final OverviewStore store;
  private final BudgetWatch budget;

  Overview(OverviewStore store, BudgetWatch budget) {
    this.store = store;
    this.budget = budget;
  }

  /** The apps whose name has this in it, those that fail first. */
  SortedMap<Standing, List<AppRow>> rows(String part) {
    var versions = versions();
    var latest = byApp(store.latestDeployments(), Latest::app);
    var ill = byApp(store.ill(), Ill::app);
    var ways = ways();
    return store.apps().stream()
        .filter(app -> app.name().contains(part))
        .map(app -> {
          var name = app.name();
          return AppRow.of(
              app,
              versions.getOrDefault(name, Map.of()),
              latest.get(name),
              ill.get(name),
              ways.get(name));
        })
        .collect(Collectors.groupingBy(AppRow::standing, TreeMap::new, Collectors.toList()));
  }

  private Map<String, Map<String, List<Version>>> versions() {
    return store.versions().stream()
        .collect(
            Collectors.groupingBy(
                Version::app,
                Collectors.groupingBy(Version::region, LinkedHashMap::new, Collectors.toList())));
  }

  /** By app the build under way that has the least time left. */
  private Map<String, Timeline> ways() {
    return budget.underWay().stream()
        .filter(way -> RUNNING.contains(way.outlook()))
        .collect(
            Collectors.toMap(
                Timeline::app,
                Function.identity(),
                (one, other) -> one.seconds() >= other.seconds() ? one : other));
  }

  private static <T> Map<String, T> byApp(List<T> all, Function<T, String> app) {
    return all.stream().collect(Collectors.toMap(app, Function.identity()));
  }
}
