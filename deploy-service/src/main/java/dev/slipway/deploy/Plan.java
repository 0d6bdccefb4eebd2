package dev.slipway.deploy;

import dev.slipway.common.app.AppName;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.recipe.DeployRecipe;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.target.Target;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a deployment will do, fixed when it is made.
 *
 * @param steps one after the other, at least one
 * @param maxFailed share of machines, in percent, that may fail
 * @param rollback whether a failure goes back to the build before
 */
public record Plan(List<Step> steps, int maxFailed, boolean rollback) {
  /**
   * Writes the targets of some regions.
   *
   * @param machines share of each region's machines, in percent
   */
  public record Step(List<RegionName> regions, int machines, Duration bake) {}

  /**
   * The plan that a recipe makes for the regions there are.
   *
   * @throws InvalidInput when the recipe names a region that is none
   */
  public static Plan of(DeployRecipe recipe, List<RegionName> all) {
    var regions = recipe.regions().isEmpty() ? all : known(recipe.regions(), all);
    InvalidInput.unless(
        !regions.isEmpty(), "deploy.regions", "must be at least one; no region is registered");
    var steps =
        recipe.waves().isEmpty()
            ? List.of(new Step(regions, 100, Duration.ZERO))
            : recipe.waves().stream()
                .map(w ->
                    new Step(
                        w.regions().isEmpty() ? regions : known(w.regions(), all),
                        w.machines(),
                        w.bake()))
                .toList();
    return new Plan(steps, recipe.maxFailed(), recipe.rollback());
  }

  private static List<RegionName> known(List<RegionName> wanted, List<RegionName> all) {
    for (var region : wanted) {
      InvalidInput.unless(
          all.contains(region), "deploy.regions", "names " + region + "; known are " + all);
    }
    return wanted;
  }

  /** By region the share of machines that must have the build once {@code wave} is done. */
  public Map<RegionName, Integer> sharesAfter(int wave) {
    var shares = new HashMap<RegionName, Integer>();
    for (var step : steps.subList(0, wave + 1)) {
      step.regions().forEach(region -> shares.merge(region, step.machines(), Math::max));
    }
    return shares;
  }

  /** Whether a machine must have the build once {@code wave} is done. */
  boolean covers(int wave, AppName app, RegionName region, MachineId machine) {
    return Target.slot(app, machine) < sharesAfter(wave).getOrDefault(region, 0);
  }
}
