package dev.slipway.deploy;

import dev.slipway.common.app.AppName;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.recipe.DeployRecipe;
import dev.slipway.common.recipe.Gate;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.target.Target;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * What a deployment will do, fixed when it is made.
 *
 * @param steps one after the other, at least one
 * @param maxFailed share of machines, in percent, that may fail
 * @param rollback whether a failure goes back to the build before
 * @param gate when a wave is well; {@link Gate#PLAIN} in plans made before there was this
 */
public record Plan(List<Step> steps, int maxFailed, boolean rollback, Gate gate) {
  public Plan {
    gate = gate == null ? Gate.PLAIN : gate;
  }

  /**
   * Writes the targets of some regions.
   *
   * @param machines share of each region's machines, in percent
   */
  public record Step(List<RegionName> regions, int machines, Duration bake) {}

  /** What was never to be done: for deployments that ended before they began. */
  static final Plan NONE = new Plan(List.of(), 0, false, Gate.PLAIN);

  /**
   * The plan that a recipe makes for the regions there are. An excluded region may lack the build,
   * so its machines stay as they are.
   *
   * @param regions all regions, and whether each is wanted
   * @throws InvalidInput when the recipe names a region that is none, or no wanted one
   */
  public static Plan of(DeployRecipe recipe, SortedMap<RegionName, Boolean> regions) {
    var all = wanted(recipe.regions(), List.copyOf(regions.keySet()), regions);
    InvalidInput.unless(
        !all.isEmpty(), "deploy.regions", "must be at least one that is registered and wanted");
    var steps =
        recipe.waves().stream()
            .map(wave ->
                new Step(wanted(wave.regions(), all, regions), wave.machines(), wave.bake()))
            .filter(step -> !step.regions().isEmpty())
            .toList();
    return new Plan(
        steps.isEmpty() ? List.of(new Step(all, 100, Duration.ZERO)) : steps,
        recipe.maxFailed(),
        recipe.rollback(),
        recipe.gate());
  }

  /** All machines of these regions at once. */
  static Plan atOnce(List<RegionName> regions) {
    return new Plan(List.of(new Step(regions, 100, Duration.ZERO)), 0, false, Gate.PLAIN);
  }

  /** Those named, or by default {@code otherwise}, without the excluded ones. */
  private static List<RegionName> wanted(
      List<RegionName> named, List<RegionName> otherwise, Map<RegionName, Boolean> regions) {
    for (var region : named) {
      InvalidInput.unless(
          regions.containsKey(region),
          "deploy.regions",
          "names " + region + "; known are " + regions.keySet());
    }
    return (named.isEmpty() ? otherwise : named)
        .stream().filter(region -> Boolean.TRUE.equals(regions.get(region))).toList();
  }

  /** By region the share of machines that must have the build once {@code wave} is done. */
  public Map<RegionName, Integer> sharesAfter(int wave) {
    var shares = new HashMap<RegionName, Integer>();
    for (var step : steps.subList(0, Math.min(wave + 1, steps.size()))) {
      step.regions().forEach(region -> shares.merge(region, step.machines(), Math::max));
    }
    return shares;
  }

  /** Whether a machine must have the build once {@code wave} is done. */
  boolean covers(int wave, AppName app, RegionName region, MachineId machine) {
    return Target.slot(app, machine) < sharesAfter(wave).getOrDefault(region, 0);
  }
}
