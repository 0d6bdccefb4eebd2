package dev.slipway.common.recipe;

import dev.slipway.common.recipe.DeployRecipe.Wave;
import dev.slipway.common.region.RegionName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The share of each region's machines, wave by wave: it only grows, and ends at all of them, or
 * some machines would be left with the build before.
 */
final class WaveShares {
  private final List<RegionName> deployed;
  private final Map<RegionName, Integer> shares = new HashMap<>();

  /** The share of the regions that no wave named. */
  private int others;

  /**
   * @param deployed the deployment's regions; empty for all
   */
  WaveShares(List<RegionName> deployed) {
    this.deployed = deployed;
    deployed.forEach(r -> shares.put(r, 0));
  }

  void add(YamlValue at, Wave wave) {
    var grown = false;
    if (wave.regions().isEmpty()) {
      for (var region : List.copyOf(shares.keySet())) {
        grown |= raise(at, region, wave.machines());
      }
      if (deployed.isEmpty()) {
        grown |= wave.machines() > others;
        others = Math.max(others, wave.machines());
      }
    } else {
      for (var region : wave.regions()) {
        if (!deployed.isEmpty() && !deployed.contains(region)) {
          throw at.refused("names " + region + ", which deploy.regions does not");
        }
        grown |= raise(at, region, wave.machines());
      }
    }
    if (!grown) {
      throw at.refused("must reach more machines than the waves before it");
    }
  }

  private boolean raise(YamlValue at, RegionName region, int machines) {
    var before = shares.getOrDefault(region, others);
    if (machines < before) {
      throw at.refused(
          "must not go below the " + before + "% of " + region + " that a wave before it reached");
    }
    shares.put(region, machines);
    return machines > before;
  }

  void end(YamlValue waves) {
    shares.forEach((region, share) -> {
      if (share < 100) {
        throw waves.refused("must end with all machines; " + region + " is left at " + share + "%");
      }
    });
    if (others > 0 && others < 100) {
      throw waves.refused(
          "must end with all machines; the regions not named are left at " + others + "%");
    }
  }
}
