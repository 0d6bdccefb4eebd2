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
  private final Map<RegionName, Reach> regions = new HashMap<>();

  /** Of the regions that no wave named. */
  private final Reach others = new Reach();

  /**
   * @param deployed the deployment's regions; empty for all
   */
  WaveShares(List<RegionName> deployed) {
    this.deployed = deployed;
    deployed.forEach(r -> regions.put(r, new Reach()));
  }

  void add(YamlValue at, Wave wave) {
    if (!raise(at, wave)) {
      throw at.refused("must reach more machines than the waves before it");
    }
  }

  private boolean raise(YamlValue at, Wave wave) {
    var grown = false;
    if (wave.regions().isEmpty()) {
      for (var region : List.copyOf(regions.keySet())) {
        grown |= raise(at, region.value(), reachOf(region), wave);
      }
      if (deployed.isEmpty()) {
        grown |= raise(at, "the other regions", others, wave);
      }
      return grown;
    }
    for (var region : wave.regions()) {
      if (!deployed.isEmpty() && !deployed.contains(region)) {
        throw at.refused("names " + region + ", which deploy.regions does not");
      }
      grown |= raise(at, region.value(), reachOf(region), wave);
    }
    return grown;
  }

  private Reach reachOf(RegionName region) {
    return regions.computeIfAbsent(region, any -> others.copy());
  }

  private static boolean raise(YamlValue at, String where, Reach reach, Wave wave) {
    var before = reach.of(wave.labels());
    if (wave.machines() < before) {
      throw at.refused(
          "must not go below the " + before + "% of " + where + " that a wave before it reached");
    }
    reach.raise(wave.labels(), wave.machines());
    return wave.machines() > before;
  }

  void end(YamlValue waves) {
    regions.forEach((region, reach) -> {
      if (reach.ofAll() < 100) {
        throw waves.refused(
            "must end with all machines; " + region + " is left at " + reach.ofAll() + "%");
      }
    });
    if (others.isAny() && others.ofAll() < 100) {
      throw waves.refused(
          "must end with all machines; the regions not named are left at " + others.ofAll() + "%");
    }
  }
}
