package dev.slipway.deploy;

import dev.slipway.common.app.AppName;
import dev.slipway.common.machine.Labels;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.recipe.DeployRecipe;
import dev.slipway.common.recipe.Gate;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.target.Group;
import dev.slipway.deploy.FleetStore.MachineApp;
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
 * @param labels that a machine must have to be deployed to at all; none in plans made before there
 *     was this
 */
public record Plan(List<Step> steps, int maxFailed, boolean rollback, Gate gate, Labels labels) {
  public Plan {
    gate = gate == null ? Gate.PLAIN : gate;
    labels = labels == null ? Labels.NONE : labels;
  }

  /**
   * Writes the targets of some regions.
   *
   * @param machines share of each region's machines that have the labels, in percent
   * @param labels that its machines all have; none for any of the plan's
   */
  public record Step(List<RegionName> regions, int machines, Duration bake, Labels labels) {
    public Step {
      labels = labels == null ? Labels.NONE : labels;
    }
  }

  /** What was never to be done: for deployments that ended before they began. */
  static final Plan NONE = new Plan(List.of(), 0, false, Gate.PLAIN, Labels.NONE);

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
                new Step(
                    wanted(wave.regions(), all, regions),
                    wave.machines(),
                    wave.bake(),
                    wave.labels()))
            .filter(step -> !step.regions().isEmpty())
            .toList();
    return new Plan(
        steps.isEmpty() ? List.of(everywhere(all)) : steps,
        recipe.maxFailed(),
        recipe.rollback(),
        recipe.gate(),
        recipe.labels());
  }

  /** All machines of these regions at once. */
  static Plan atOnce(List<RegionName> regions) {
    return new Plan(List.of(everywhere(regions)), 0, false, Gate.PLAIN, Labels.NONE);
  }

  private static Step everywhere(List<RegionName> regions) {
    return new Step(regions, 100, Duration.ZERO, Labels.NONE);
  }

  /** The same for machines with other labels. */
  Plan among(Labels others) {
    return new Plan(steps, maxFailed, rollback, gate, others);
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

  /**
   * By region who must have the build once {@code wave} is done: a share of its machines by the
   * labels that they must have. Where all must, that is said alone.
   */
  public Map<RegionName, Map<Labels, Integer>> reachAfter(int wave) {
    var reach = new HashMap<RegionName, Map<Labels, Integer>>();
    for (var step : steps.subList(0, Math.min(wave + 1, steps.size()))) {
      for (var region : step.regions()) {
        reach
            .computeIfAbsent(region, any -> new HashMap<>())
            .merge(step.labels(), step.machines(), Math::max);
      }
    }
    reach.replaceAll((region, shares) ->
        shares.getOrDefault(Labels.NONE, 0) == 100 ? Map.of(Labels.NONE, 100) : shares);
    return reach;
  }

  /** Whether a machine must have the build once {@code wave} is done. */
  boolean covers(int wave, AppName app, MachineApp machine) {
    return machine.labels().cover(labels)
        && reachAfter(wave).getOrDefault(machine.region(), Map.of()).entrySet().stream()
            .anyMatch(shares ->
                new Group(shares.getKey(), shares.getValue())
                    .has(app, machine.machine(), machine.labels()));
  }

  /** Whether a machine is one of those that a wave is about, whatever its share of them. */
  public boolean concerns(int wave, RegionName region, Labels its) {
    return steps.get(wave).regions().contains(region) && its.cover(labelsOf(wave));
  }

  /** The labels that a wave's machines must have. */
  public Labels labelsOf(int wave) {
    return labels.and(steps.get(wave).labels());
  }
}
