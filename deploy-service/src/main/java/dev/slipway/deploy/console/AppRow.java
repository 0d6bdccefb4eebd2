package dev.slipway.deploy.console;

import dev.slipway.deploy.console.OverviewStore.AppLine;
import dev.slipway.deploy.console.OverviewStore.Ill;
import dev.slipway.deploy.console.OverviewStore.Latest;
import dev.slipway.deploy.console.OverviewStore.Version;
import dev.slipway.deploy.timeline.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An app on the first page.
 *
 * @param reasons why it is where it is, the worst first
 * @param regions by name what runs there
 * @param rollout its open deployment
 * @param way the build under way that has the least time left of its budget
 */
public record AppRow(
    AppLine app,
    Standing standing,
    List<String> reasons,
    Map<String, List<Version>> regions,
    @Nullable Latest rollout,
    @Nullable Timeline way) {

  /** Where it belongs; who is paged reads from the top. */
  public enum Standing {
    FAILING,
    AT_RISK,
    UNDER_WAY,
    WELL,
    /** Nothing was pushed yet. */
    EMPTY
  }

  /** The build that all its machines run; none while they differ, or there are none. */
  public @Nullable Version everywhere() {
    Version first = null;
    for (var versions : regions.values()) {
      var version = versions.getFirst();
      if (versions.size() > 1 || (first != null && first.build() != version.build())) {
        return null;
      }
      first = version;
    }
    return first;
  }

  public int machines() {
    return regions.values().stream().flatMap(List::stream).mapToInt(Version::machines).sum();
  }

  static AppRow of(
      AppLine app,
      Map<String, List<Version>> regions,
      @Nullable Latest latest,
      @Nullable Ill ill,
      @Nullable Timeline way) {
    var bad = failures(app, latest, ill, way);
    var risks = risks(latest, ill, way);
    var open = latest != null && latest.isOpen() ? latest : null;
    var standing =
        !bad.isEmpty()
            ? Standing.FAILING
            : !risks.isEmpty() ? Standing.AT_RISK : standing(app, open, way);
    bad.addAll(risks);
    return new AppRow(app, standing, bad, regions, open, way);
  }

  private static Standing standing(AppLine app, @Nullable Latest open, @Nullable Timeline way) {
    if (open != null || way != null) {
      return Standing.UNDER_WAY;
    }
    return app.newest() == null ? Standing.EMPTY : Standing.WELL;
  }

  private static List<String> failures(
      AppLine app, @Nullable Latest latest, @Nullable Ill ill, @Nullable Timeline way) {
    var reasons = new ArrayList<String>();
    if (latest != null && latest.status().equals("FAILED")) {
      reasons.add("deployment %d failed: %s".formatted(latest.id(), latest.reason()));
    }
    if (ill != null && ill.failed() > 0) {
      reasons.add(machines(ill.failed()) + " failed");
    }
    if (way != null && way.outlook() == Timeline.Outlook.LATE) {
      reasons.add("build #%d is %s".formatted(way.build(), way.warning()));
    }
    var newest = app.newest();
    if (newest != null && newest.state().equals("FAILED")) {
      reasons.add("build #%d failed: %s".formatted(newest.build(), newest.failure()));
    }
    return reasons;
  }

  private static List<String> risks(
      @Nullable Latest latest, @Nullable Ill ill, @Nullable Timeline way) {
    var reasons = new ArrayList<String>();
    if (way != null && way.outlook() == Timeline.Outlook.AT_RISK) {
      reasons.add("build #%d: %s".formatted(way.build(), way.warning()));
    }
    if (latest != null && latest.isOpen() && latest.reason() != null) {
      reasons.add("deployment %d waits: %s".formatted(latest.id(), latest.reason()));
    } else if (latest != null && latest.status().equals("PAUSED")) {
      reasons.add("deployment %d is paused".formatted(latest.id()));
    }
    if (ill != null && ill.silent() > 0) {
      reasons.add(machines(ill.silent()) + " silent");
    }
    return reasons;
  }

  private static String machines(int count) {
    return count == 1 ? "1 machine" : "%,d machines".formatted(count);
  }
}
