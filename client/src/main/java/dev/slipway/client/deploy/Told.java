package dev.slipway.client.deploy;

import static dev.slipway.client.text.Table.Column.name;
import static dev.slipway.client.text.Table.Column.number;
import static dev.slipway.client.text.Table.Column.prose;
import static dev.slipway.client.text.Table.Column.state;

import dev.slipway.client.text.Clean;
import dev.slipway.client.text.Table;
import dev.slipway.client.text.Terminal;
import dev.slipway.client.text.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** The API's answers about deployments, as lines for people. */
final class Told {
  private Told() {}

  /** What a deployment would do. */
  static List<String> preview(JsonNode preview, Terminal terminal) {
    var lines = new ArrayList<String>();
    lines.add(
        "Build #%d (%s) of %s, %s, in %s"
            .formatted(
                preview.path("build").asLong(),
                Words.commit(preview.path("commit")),
                preview.path("app").asString(),
                Words.bytes(preview.path("sizeBytes").asLong()),
                Words.count(preview.path("waves").size(), "wave")));
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
                  .map(skipped -> Words.build(skipped.path("build")))
                  .collect(Collectors.joining(", ")));
    }
    lines.replaceAll(Clean::line);
    lines.addAll(regions(preview.path("regions")).lines(terminal));
    lines.add(
        preview.path("expectedSeconds").isNumber()
            ? "about %s, by the last %d that went well"
                .formatted(
                    Words.seconds(preview.path("expectedSeconds").asDouble()),
                    preview.path("basedOn").asInt())
            : "how long it takes is not known yet");
    return lines;
  }

  private static Table regions(JsonNode regions) {
    var table =
        new Table(
            name("REGION"),
            number("NOW"),
            number("TO BUCKET"),
            number("TO MACHINES"),
            number("RUN IT"),
            number("SWITCH"),
            number("FETCH"),
            number("SILENT"));
    for (var region : regions) {
      var running = region.path("running").asInt();
      var warm = region.path("warm").asInt();
      table.row(
          region.path("region").asString(),
          region.path("now").isNumber() ? Words.build(region.path("now")) : "nothing",
          Words.bytes(region.path("copyBytes").asLong()),
          Words.bytes(region.path("machineBytes").asLong()),
          running,
          warm,
          region.path("machines").asInt() - running - warm,
          region.path("silent").asInt());
    }
    return table;
  }

  /** How a deployment stands, and who is behind. */
  static List<String> status(JsonNode seen, JsonNode stragglers, Terminal terminal) {
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
                    ? ", about %s to go"
                        .formatted(Words.seconds(seen.path("secondsLeft").asDouble()))
                    : ""));
    if (deployment.path("reason").isString()) {
      lines.add("  " + deployment.path("reason").asString());
    }
    lines.replaceAll(Clean::line);
    lines.addAll(counts(seen.path("regions")).lines(terminal));
    if (!stragglers.isEmpty()) {
      lines.add("");
      lines.addAll(behind(stragglers).lines(terminal));
    }
    return lines;
  }

  private static Table counts(JsonNode regions) {
    var table =
        new Table(
            name("REGION"),
            number("RUN IT"),
            number("ON THEIR WAY"),
            number("FAILED"),
            number("SILENT"));
    for (var region : regions.properties()) {
      var counts = region.getValue();
      table.row(
          region.getKey(),
          counts.path("healthy").asInt(),
          counts.path("pending").asInt(),
          counts.path("failed").asInt(),
          counts.path("unknown").asInt());
    }
    return table;
  }

  private static Table behind(JsonNode stragglers) {
    var table =
        new Table(name("REGION"), name("MACHINE"), state("STANDS"), number("FOR"), prose("WHY"));
    for (var behind : stragglers) {
      table.row(
          behind.path("region").asString(),
          behind.path("machine").asString(),
          behind.path("standing").asString(),
          Words.seconds(behind.path("seconds").asDouble()),
          behind.path("reason").asString(""));
    }
    return table;
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
