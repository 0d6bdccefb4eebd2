package dev.slipway.common.recipe;

import dev.slipway.common.machine.Labels;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.recipe.DeployRecipe.Order;
import dev.slipway.common.recipe.DeployRecipe.Wave;
import dev.slipway.common.region.RegionName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code deploy}. */
final class DeploySection {
  private static final int MAX_REGIONS = 100;
  private static final int MAX_WAVES = 50;
  private static final List<String> KEYS =
      List.of(
          "auto",
          "order",
          "pass-after",
          "regions",
          "labels",
          "waves",
          "max-failed",
          "min-healthy",
          "max-restarts",
          "within",
          "analysis",
          "rollback",
          "prefetch");

  private DeploySection() {}

  static DeployRecipe read(YamlMap deploy) {
    deploy.only(KEYS);
    var none = DeployRecipe.BY_HAND;
    var regions = deploy.get("regions").map(DeploySection::regions).orElse(none.regions());
    return new DeployRecipe(
        deploy.get("auto").map(YamlValue::truth).orElse(none.auto()),
        deploy.get("order").map(DeploySection::order).orElse(none.order()),
        regions,
        deploy.get("waves").map(w -> waves(w, regions)).orElse(none.waves()),
        deploy.get("max-failed").map(m -> m.share(0)).orElse(none.maxFailed()),
        deploy.get("rollback").map(YamlValue::truth).orElse(none.rollback()),
        deploy.get("prefetch").map(YamlValue::truth).orElse(none.prefetch()),
        GateKeys.read(deploy),
        deploy
            .get("pass-after")
            .map(w -> w.duration(Duration.ofMinutes(1), Duration.ofHours(24)))
            .orElse(none.passAfter()),
        labels(deploy));
  }

  private static Labels labels(YamlMap map) {
    return map.get("labels").map(l -> new Labels(LabelKeys.read(l))).orElse(Labels.NONE);
  }

  private static Order order(YamlValue value) {
    return switch (value.text(100)) {
      case "every" -> Order.EVERY;
      case "latest" -> Order.LATEST;
      default -> throw value.refused("must be every or latest");
    };
  }

  private static List<RegionName> regions(YamlValue value) {
    var names = new ArrayList<RegionName>();
    for (var item : value.list(MAX_REGIONS)) {
      var name = region(item);
      if (names.contains(name)) {
        throw item.refused("names " + name + " a second time");
      }
      names.add(name);
    }
    if (names.isEmpty()) {
      throw value.refused("must name at least one region; leave it out for all");
    }
    return List.copyOf(names);
  }

  private static RegionName region(YamlValue value) {
    try {
      return new RegionName(value.text(100));
    } catch (InvalidInput notARegion) {
      throw value.refused(
          "must be a region: 1 to 40 lower-case letters, digits and hyphens, starting with a letter");
    }
  }

  private static List<Wave> waves(YamlValue value, List<RegionName> deployed) {
    var shares = new WaveShares(deployed);
    var waves = new ArrayList<Wave>();
    for (var item : value.list(MAX_WAVES)) {
      var wave = wave(item.map());
      shares.add(item, wave);
      waves.add(wave);
    }
    if (!waves.isEmpty()) {
      shares.end(value);
    }
    return List.copyOf(waves);
  }

  private static Wave wave(YamlMap wave) {
    wave.only(List.of("regions", "labels", "machines", "bake"));
    return new Wave(
        wave.get("regions").map(DeploySection::regions).orElse(List.of()),
        wave.get("machines").map(m -> m.share(1)).orElse(100),
        wave.get("bake")
            .map(b -> b.duration(Duration.ZERO, Duration.ofHours(24)))
            .orElse(Duration.ZERO),
        labels(wave));
  }
}
