package dev.slipway.common.recipe;

import dev.slipway.common.recipe.Gate.Analysis;
import java.time.Duration;
import java.util.List;

/** Reads the keys of {@code deploy} that say when a wave is well. */
final class GateKeys {
  private static final int MAX_RESTARTS = 1_000;
  private static final int LONGEST_QUERY = 2_000;

  private GateKeys() {}

  static Gate read(YamlMap deploy) {
    return new Gate(
        deploy.get("min-healthy").map(m -> m.share(1)).orElse(null),
        deploy.get("max-restarts").map(m -> m.count(MAX_RESTARTS)).orElse(null),
        deploy
            .get("within")
            .map(w -> w.duration(Duration.ofMinutes(1), Duration.ofHours(24)))
            .orElse(Gate.PLAIN.within()),
        deploy.get("analysis").map(a -> analysis(a.map())).orElse(null));
  }

  private static Analysis analysis(YamlMap analysis) {
    analysis.only(List.of("query", "min", "max", "on-error"));
    var min = analysis.get("min").map(YamlValue::number).orElse(null);
    var max = analysis.get("max").map(YamlValue::number).orElse(null);
    if (min == null && max == null) {
      throw analysis.self().refused("must have min, max or both");
    }
    if (min != null && max != null && min > max) {
      throw analysis.self().refused("must have a min that is not above its max");
    }
    return new Analysis(
        analysis.required("query").text(LONGEST_QUERY),
        min,
        max,
        analysis.get("on-error").map(GateKeys::isOpen).orElse(false));
  }

  private static boolean isOpen(YamlValue value) {
    return switch (value.text(100)) {
      case "hold" -> false;
      case "pass" -> true;
      default -> throw value.refused("must be hold or pass");
    };
  }
}
