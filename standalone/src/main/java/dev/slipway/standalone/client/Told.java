package dev.slipway.standalone.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** The API's answers as lines for people. */
final class Told {
  private static final String REGION = "  %-16s %8s %14s %14s %7s %7s %7s %7s";

  private Told() {}

  /** What a deployment would do. */
  static List<String> preview(JsonNode preview) {
    var lines = new ArrayList<String>();
    lines.add(
        "Build #%d (%s) of %s, %,d bytes, in %d %s"
            .formatted(
                preview.path("build").asLong(),
                preview.path("commit").asString(),
                preview.path("app").asString(),
                preview.path("sizeBytes").asLong(),
                preview.path("waves").size(),
                preview.path("waves").size() == 1 ? "wave" : "waves"));
    for (var obstacle : preview.path("obstacles")) {
      lines.add(
          "  %s: %s"
              .formatted(
                  obstacle.path("blocks").asBoolean() ? "in the way" : "mind",
                  obstacle.path("text").asString()));
    }
    if (!preview.path("skipped").isEmpty()) {
      lines.add(
          "  skips "
              + StreamSupport.stream(preview.path("skipped").spliterator(), false)
                  .map(skipped -> "#" + skipped.path("build").asLong())
                  .collect(Collectors.joining(", ")));
    }
    lines.add(
        REGION.formatted(
            "region", "now", "to bucket", "to machines", "run it", "switch", "fetch", "silent"));
    preview.path("regions").forEach(region -> lines.add(region(region)));
    lines.add(
        preview.path("expectedSeconds").isNumber()
            ? "  about %s, by the last %d that went well"
                .formatted(
                    seconds(preview.path("expectedSeconds").asDouble()),
                    preview.path("basedOn").asInt())
            : "  how long it takes is not known yet");
    return lines;
  }

  private static String region(JsonNode region) {
    var running = region.path("running").asInt();
    var warm = region.path("warm").asInt();
    return REGION.formatted(
        region.path("region").asString(),
        region.path("now").isNumber() ? "#" + region.path("now").asLong() : "nothing",
        "%,d".formatted(region.path("copyBytes").asLong()),
        "%,d".formatted(region.path("machineBytes").asLong()),
        running,
        warm,
        region.path("machines").asInt() - running - warm,
        region.path("silent").asInt());
  }

  /** How a deployment stands, and who is behind. */
  static List<String> status(JsonNode seen, JsonNode stragglers) {
    var deployment = seen.path("deployment");
    var lines = new ArrayList<String>();
    lines.add(
        "Deployment %d of build #%d of %s is %s, wave %d of %d%s"
            .formatted(
                deployment.path("id").asLong(),
                deployment.path("build").asLong(),
                deployment.path("app").asString(),
                deployment.path("status").asString(),
                deployment.path("wave").asInt() + 1,
                deployment.path("plan").path("steps").size(),
                seen.path("secondsLeft").isNumber()
                    ? ", about %s to go".formatted(seconds(seen.path("secondsLeft").asDouble()))
                    : ""));
    if (deployment.path("reason").isString()) {
      lines.add("  " + deployment.path("reason").asString());
    }
    for (var region : seen.path("regions").properties()) {
      var counts = region.getValue();
      lines.add(
          "  %-16s %7d run it %7d on their way %7d failed %7d silent"
              .formatted(
                  region.getKey(),
                  counts.path("healthy").asInt(),
                  counts.path("pending").asInt(),
                  counts.path("failed").asInt(),
                  counts.path("unknown").asInt()));
    }
    for (var behind : stragglers) {
      lines.add(
          "  %s/%s %s for %s: %s"
              .formatted(
                  behind.path("region").asString(),
                  behind.path("machine").asString(),
                  behind.path("standing").asString().toLowerCase(Locale.ROOT),
                  seconds(behind.path("seconds").asDouble()),
                  behind.path("reason").asString("")));
    }
    return lines;
  }

  private static String seconds(double seconds) {
    return seconds < 120
        ? String.format(Locale.ROOT, "%.0f s", seconds)
        : String.format(Locale.ROOT, "%.0f min", seconds / 60);
  }

  /** A line of how a deployment is. */
  static String deployment(JsonNode deployment) {
    return "Deployment %d of %s, build #%d, is %s."
        .formatted(
            deployment.path("id").asLong(),
            deployment.path("app").asString(),
            deployment.path("build").asLong(),
            deployment.path("status").asString());
  }
}
